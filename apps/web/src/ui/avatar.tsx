import { classes } from './classes.ts'

interface AvatarProps {
  /** The tint of the person's dex; that of the screen unless said otherwise. */
  readonly tint?: string | undefined
  readonly name: string
  /** Address of the person's picture; the letter until it is here. */
  readonly src?: string | undefined
  readonly size?: 's' | 'm' | 'l' | 'xl'
}

/** A person's picture, or the first letter of the name in their tint. The name itself stands beside it. */
export function Avatar({ name, src, size = 'm', tint }: AvatarProps) {
  const letter = [...name.trim()][0]?.toLocaleUpperCase() ?? ''
  return (
    <span className={classes('av', size !== 'm' && size)} data-tint={tint} aria-hidden="true">
      {src ? <img src={src} alt="" /> : letter}
    </span>
  )
}

/** A small sign of whose dex this is, for screens without the header. It is no control. */
export function WhoseSign({ name, text, src }: { name: string; text: string; src?: string | undefined }) {
  return (
    <span className="sign">
      <Avatar name={name} src={src} />
      {text}
    </span>
  )
}
