import { useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { placeholder } from './placeholder.ts'

export interface ThumbProps {
  /** Address of the picture once it is here. */
  readonly src?: string | undefined
  readonly thumbhash?: string | undefined
  /** Empty for a picture that a name beside it already says. */
  readonly alt: string
  readonly className?: string
}

/**
 * A picture in a box whose size its class fixes: thumbhash, then the picture over it, without anything moving. What is
 * there at once is shown at once; only what comes later fades in.
 */
export function Thumb({ src, thumbhash, alt, className }: ThumbProps) {
  const [atOnce] = useState(src !== undefined)
  const [broken, setBroken] = useState<string>()
  const under = placeholder(thumbhash)
  const shown = src !== undefined && src !== broken
  return (
    <span className={classes('thumb', className)} style={under ? { backgroundImage: `url("${under}")` } : undefined}>
      {!shown && !under && (
        <span className="stand-in">
          <Icon name="paw" />
        </span>
      )}
      {shown && (
        <img
          src={src}
          alt={alt}
          className={atOnce ? undefined : 'fresh'}
          decoding="async"
          draggable={false}
          onError={() => setBroken(src)}
        />
      )}
    </span>
  )
}
