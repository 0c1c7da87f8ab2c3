import { VISIBILITIES, type Visibility } from '@biologidex/core/entries/entry'
import { t } from '../../app/i18n.tsx'
import { useOwnDexIfOpen } from '../../app/session.tsx'
import { Field } from '../../ui/field.tsx'

/** Who may see the entry. */
export function VisibilityField(props: { value: Visibility; onChange: (value: Visibility) => void }) {
  const managed = useOwnDexIfOpen()?.profile?.managed
  const choices = VISIBILITIES.filter((one) => !managed || one !== 'public')
  const set = (text: string) => {
    const chosen = VISIBILITIES.find((one) => one === text)
    if (chosen) props.onChange(chosen)
  }
  return (
    <Field label={t('visibility.label')} hint={managed ? t('visibility.managed') : undefined}>
      {(wiring) => (
        <select value={props.value} onChange={(event) => set(event.target.value)} {...wiring}>
          {choices.map((one) => (
            <option key={one} value={one}>
              {t(`visibility.${one}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
