import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

/** A small choice that is on or off. `on` is told to screen readers too (aria-pressed). */
export function Chip({ on, className, ...rest }: { on?: boolean } & ComponentProps<'button'>) {
  return <button type="button" className={classes('chip', className)} aria-pressed={on} {...rest} />
}
