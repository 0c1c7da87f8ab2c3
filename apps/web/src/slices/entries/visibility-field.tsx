import { VISIBILITIES, type Visibility } from '@biologidex/core/entries/entry'
import { t } from '../../app/i18n.tsx'
import { Field } from '../../ui/field.tsx'

/** Who may see the entry. */
export function VisibilityField(props: { value: Visibility; onChange: (value: Visibility) => void }) {
  const set = (text: string) => {
    const chosen = VISIBILITIES.find((one) => one === text)
    if (chosen) props.onChange(chosen)
  }
  return (
    <Field label={t('visibility.label')}>
      {(wiring) => (
        <select value={props.value} onChange={(event) => set(event.target.value)} {...wiring}>
          {VISIBILITIES.map((one) => (
            <option key={one} value={one}>
              {t(`visibility.${one}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
