import { type ComponentProps, type ReactElement, type ReactNode, useId } from 'react'
import { Icon } from './icon.tsx'

interface FieldWords {
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** What is wrong with the value; announced, and tied to the control. */
  readonly wrong?: string
}

interface Wiring {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

/** Label, control, hint and error tied together. `children` is given the ids and ARIA attributes for its control. */
export function Field({ label, hint, wrong, children }: FieldWords & { children: (wiring: Wiring) => ReactElement }) {
  const id = useId()
  const notes = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': notes || undefined, 'aria-invalid': wrong ? true : undefined })}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span className="wrong" id={`${id}-wrong`} role="alert">
          <Icon name="warning" small />
          {wrong}
        </span>
      )}
    </div>
  )
}

/**
 * A line of text with its label. Unless a caller says otherwise browsers neither offer what was typed before nor write it into
 * their own files, where it would outlive a sign-out (C1).
 */
export function TextField({ label, hint, wrong, autoComplete = 'off', ...input }: FieldWords & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(wiring) => <input autoComplete={autoComplete} {...input} {...wiring} />}
    </Field>
  )
}

/** Several lines of text with their label; no browser remembers them either. */
export function TextArea({ label, hint, wrong, ...area }: FieldWords & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(wiring) => <textarea autoComplete="off" {...area} {...wiring} />}
    </Field>
  )
}
