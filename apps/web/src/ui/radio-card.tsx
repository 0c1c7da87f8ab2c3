import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

/** One choice of several. Put `RadioCard`s in it; arrow keys move among them. */
export function RadioCards<V extends string>(props: {
  label: string
  value: V | undefined
  onChange: (value: V) => void
  className?: string
  children: ReactNode
}) {
  return (
    <RadioGroup
      className={classes('radios', props.className)}
      aria-label={props.label}
      value={props.value ?? ''}
      onValueChange={(value) => props.onChange(value as V)}
    >
      {props.children}
    </RadioGroup>
  )
}

/** A card of a radio group. Its content is its name; `before` replaces the dot (a picture, say). */
export function RadioCard(props: {
  value: string
  before?: ReactNode
  after?: ReactNode
  className?: string
  disabled?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <Radio.Root
      value={props.value}
      disabled={props.disabled}
      className={classes('radio-card', props.className)}
      aria-labelledby={id}
      nativeButton
      render={<button type="button" />}
    >
      {props.before ?? <span className="dot" aria-hidden="true" />}
      <span id={id}>{props.children}</span>
      {props.after}
    </Radio.Root>
  )
}
