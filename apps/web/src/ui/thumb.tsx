import { useEffect, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { groundOf, madePlaceholder, makePlaceholder } from './placeholder.ts'
import { whenIdle } from './when-idle.ts'

export interface ThumbProps {
  /** Address of the picture once it is here. */
  readonly src?: string | undefined
  readonly thumbhash?: string | undefined
  /** Empty for a picture that a name beside it already says. */
  readonly alt: string
  readonly className?: string
}

/** What comes within so many milliseconds was at hand: it is shown as it is, for nobody has seen anything else there. */
const AT_ONCE = 100

/** The thumbhash as a picture, made when there is time for it, and only where it is needed. */
function usePlaceholder(thumbhash: string | undefined, needed: boolean): string | undefined {
  const [, setMade] = useState<string>()
  const known = thumbhash === undefined ? undefined : madePlaceholder(thumbhash)
  useEffect(() => {
    if (thumbhash === undefined || !needed || known !== undefined) return
    return whenIdle(() => setMade(makePlaceholder(thumbhash)))
  }, [thumbhash, needed, known])
  return known
}

/** Milliseconds since it was made. */
function stopwatch(): () => number {
  const begun = performance.now()
  return () => performance.now() - begun
}

/**
 * A picture in a box whose size its class fixes: its colour, its thumbhash, then the picture over it, without anything moving. What
 * is there at once is shown at once; only what comes later fades in.
 */
export function Thumb({ src, thumbhash, alt, className }: ThumbProps) {
  const [elapsed] = useState(stopwatch)
  const [broken, setBroken] = useState<string>()
  const shown = src !== undefined && src !== broken
  const [fresh, setFresh] = useState<boolean>()
  if (shown && fresh === undefined) setFresh(elapsed() > AT_ONCE)
  const under = usePlaceholder(thumbhash, !shown)
  const ground = thumbhash === undefined ? undefined : groundOf(thumbhash)
  return (
    <span
      className={classes('thumb', className)}
      style={{ backgroundColor: ground, backgroundImage: under && `url("${under}")` }}
    >
      {!shown && !ground && (
        <span className="stand-in">
          <Icon name="paw" />
        </span>
      )}
      {shown && (
        <img
          src={src}
          alt={alt}
          className={fresh ? 'fresh' : undefined}
          decoding="async"
          draggable={false}
          onError={() => setBroken(src)}
        />
      )}
    </span>
  )
}
