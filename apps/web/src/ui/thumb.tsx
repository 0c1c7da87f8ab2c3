import { useLayoutEffect, useRef, useState } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'
import { groundOf, madePlaceholder, makePlaceholder } from './placeholder.ts'
import { whenIdle } from './when-idle.ts'

/** Tells the address of a picture, now and whenever it is another one; answers how to stop. */
export type Feed = (show: (src: string) => void) => () => void

export interface ThumbProps {
  /** Address of the picture once it is here. */
  readonly src?: string | undefined
  /** Tells the address instead of `src`, without anything being drawn anew by React. */
  readonly feed?: Feed
  readonly thumbhash?: string | undefined
  /** Empty for a picture that a name beside it already says. */
  readonly alt: string
  readonly className?: string
}

/** What comes within so many milliseconds was at hand: it is shown as it is, for nobody has seen anything else there. */
const AT_ONCE = 100

/** The two elements of a picture's box, and what is done to them as a picture comes or fails. */
class Box {
  readonly #box: HTMLElement
  readonly #image: HTMLImageElement
  readonly #begun = performance.now()
  #thumbhash: string | undefined

  constructor(box: HTMLElement, image: HTMLImageElement) {
    this.#box = box
    this.#image = image
    image.onerror = () => {
      image.hidden = true
      this.#layUnder()
    }
  }

  readonly show = (src: string): void => {
    const image = this.#image
    if (image.getAttribute('src') === src) return
    if (!image.hasAttribute('src') && performance.now() - this.#begun > AT_ONCE) image.className = 'fresh'
    image.src = src
    image.hidden = false
  }

  /** Lays the thumbhash under a picture that is not here, when there is time to make it. */
  lay(thumbhash: string): () => void {
    this.#thumbhash = thumbhash
    return whenIdle(() => this.#layUnder())
  }

  #layUnder(): void {
    const made = this.#image.hidden && this.#thumbhash !== undefined && makePlaceholder(this.#thumbhash)
    if (made) this.#box.style.backgroundImage = `url("${made}")`
  }
}

/**
 * A picture in a box whose size its class fixes: its colour, its thumbhash, then the picture over it, without anything moving. What
 * is there at once is shown at once; only what comes later fades in.
 */
export function Thumb({ src, feed, thumbhash, alt, className }: ThumbProps) {
  const span = useRef<HTMLSpanElement>(null)
  const img = useRef<HTMLImageElement>(null)
  const made = useRef<Box>(undefined)
  // What the first drawing has: what comes later is put there by the box.
  const [first] = useState(() => (thumbhash === undefined ? undefined : madePlaceholder(thumbhash)))
  useLayoutEffect(() => {
    made.current ??= new Box(span.current as HTMLElement, img.current as HTMLImageElement)
    if (src !== undefined) made.current.show(src)
    return feed?.(made.current.show)
  }, [src, feed])
  useLayoutEffect(
    () => (thumbhash === undefined || first !== undefined ? undefined : made.current?.lay(thumbhash)),
    [thumbhash, first],
  )
  const ground = thumbhash === undefined ? undefined : groundOf(thumbhash)
  return (
    <span
      ref={span}
      className={classes('thumb', className)}
      style={{ backgroundColor: ground, backgroundImage: first && `url("${first}")` }}
    >
      {/* `hidden`, `src` and the class are the box's: React sets them once. */}
      <img ref={img} alt={alt} hidden decoding="async" draggable={false} />
      {!ground && (
        <span className="stand-in">
          <Icon name="paw" />
        </span>
      )}
    </span>
  )
}
