import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { countOf, stepCount } from './counts.ts'

/** How many animals were seen: typed, or counted up while looking. */
export function CountField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const isWrong = countOf(value) === undefined
  return (
    <Field label={t('edit.count')} {...(isWrong ? { wrong: t('edit.count.wrong') } : {})}>
      {(wiring) => (
        <div className="count-field">
          <Button
            shape="square"
            aria-label={t('edit.count.fewer')}
            disabled={!value.trim()}
            onClick={() => onChange(stepCount(value, -1))}
          >
            <Icon name="minus" />
          </Button>
          <input
            inputMode="numeric"
            autoComplete="off"
            placeholder="–"
            value={value}
            onChange={(event) => onChange(event.target.value)}
            {...wiring}
          />
          <Button shape="square" aria-label={t('edit.count.more')} onClick={() => onChange(stepCount(value, 1))}>
            <Icon name="add" />
          </Button>
        </div>
      )}
    </Field>
  )
}
