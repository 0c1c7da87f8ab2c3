import { classes } from './classes.ts'

/** The first letter of a name in its person's tint. The name itself stands beside it. */
export function Avatar({ name, size = 'm' }: { name: string; size?: 's' | 'm' | 'l' }) {
  const letter = [...name.trim()][0]?.toLocaleUpperCase() ?? ''
  return (
    <span className={classes('av', size !== 'm' && size)} aria-hidden="true">
      {letter}
    </span>
  )
}

/** A small sign of whose dex this is, for screens without the header. It is no control. */
export function WhoseSign({ name, text }: { name: string; text: string }) {
  return (
    <span className="sign">
      <Avatar name={name} />
      {text}
    </span>
  )
}
