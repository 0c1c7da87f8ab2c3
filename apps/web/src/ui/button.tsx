import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

/** `go`: the one thing to do next on a screen. `plain`: no border. `danger`: what cannot be taken back at once. */
export type ButtonKind = 'normal' | 'go' | 'plain' | 'danger'

export interface ButtonLook {
  readonly kind?: ButtonKind
  /** `square`: an icon alone (give `aria-label`). `round`: full radius. `wide`: the whole line. */
  readonly shape?: 'square' | 'round' | 'wide'
}

/** The classes of a button, for links that look like one. */
export function buttonClass({ kind = 'normal', shape }: ButtonLook, more?: string): string {
  const shapes = { square: 'sq', round: 'round', wide: 'wide' } as const
  return classes('btn', kind !== 'normal' && kind, shape && shapes[shape], more)
}

/** A button of at least 44 by 44 px. `type` is `button` unless said otherwise. */
export function Button({ kind, shape, className, type = 'button', ...rest }: ButtonLook & ComponentProps<'button'>) {
  return <button type={type} className={buttonClass({ kind, shape }, className)} {...rest} />
}
