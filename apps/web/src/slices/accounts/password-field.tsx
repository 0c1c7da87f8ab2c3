import { useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { TextField } from '../../ui/field.tsx'

/** A password that can be shown while typing it. Anything may be pasted. */
export function PasswordField(props: {
  /** A new one, as password managers call it. */
  fresh: boolean
  label?: string
  name?: string
  hint?: string
  wrong?: string
  autoFocus?: boolean
}) {
  const [shown, setShown] = useState(false)
  return (
    <div>
      <TextField
        label={props.label ?? t('accounts.password')}
        name={props.name ?? 'password'}
        type={shown ? 'text' : 'password'}
        autoComplete={props.fresh ? 'new-password' : 'current-password'}
        autoFocus={props.autoFocus}
        required
        maxLength={1000}
        hint={props.hint}
        {...(props.wrong ? { wrong: props.wrong } : {})}
      />
      <label className="check small">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        {t('accounts.password.show')}
      </label>
    </div>
  )
}
