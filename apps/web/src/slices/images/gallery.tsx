import type { ImagePart } from '@biologidex/core/images/image'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import { t } from '../../app/i18n.tsx'
import { usePicture } from '../../app/picture.tsx'
import { useAccount } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Thumb } from '../../ui/thumb.tsx'
import { pictureAt } from './entry-thumb.tsx'
import type { ShownPicture } from './use-shown-picture.ts'
import './pictures.css'

interface SlideProps {
  readonly entry: EntryOnScreen
  readonly image: ImagePart | undefined
  readonly alt: string
  /** Far from what is shown: nothing is fetched for it. */
  readonly far?: boolean
}

/** One picture, large: thumbhash, then the wall's rendition, then the screen's, in one box. */
function Slide({ entry, image, alt, far = false }: SlideProps) {
  const dex = useAccount()
  const near = far ? undefined : image
  const wall = usePicture(near && pictureAt(dex, entry.id, near, 'wall'))
  const screen = usePicture(near && pictureAt(dex, entry.id, near, 'screen'))
  return <Thumb key={image?.id ?? ''} className="hero-picture" src={screen ?? wall} thumbhash={image?.thumbhash} alt={alt} />
}

interface GalleryProps {
  readonly entry: EntryOnScreen
  readonly shown: ShownPicture
  /** For pictures that nobody has described. */
  readonly alt: string
}

/** What scrolls must be reached by the keyboard, in browsers too that do not see to it themselves. */
const REACHABLE = { tabIndex: 0 } as const

/** Turns: by swiping, arrow keys, buttons where there is a mouse. The scroll position is the truth of what is shown. */
function useTurning({ images, index, show }: ShownPicture) {
  const strip = useRef<HTMLDivElement>(null)
  const settled = useRef(false)
  useLayoutEffect(() => {
    const box = strip.current
    if (!box || index < 0) return
    const left = index * box.clientWidth
    // Turned to by swiping: it is there already.
    if (Math.abs(box.scrollLeft - left) >= box.clientWidth / 2)
      box.scrollTo({
        left,
        behavior: settled.current && !matchMedia('(prefers-reduced-motion)').matches ? 'smooth' : 'instant',
      })
    settled.current = true
  }, [index])
  const turn = (by: number) => {
    const next = images[index + by]
    if (next) show(next.id)
  }
  const onScroll = () => {
    const box = strip.current
    const image = box && images[Math.round(box.scrollLeft / box.clientWidth)]
    // Between two pictures, or on the way past one that was asked for: nothing has been turned to yet.
    if (image && box.scrollLeft % box.clientWidth < 2) show(image.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    turn(by)
  }
  return { strip, turn, onScroll, onKeyDown }
}

function Many({ entry, shown, alt }: GalleryProps) {
  const { images, index } = shown
  const { strip, turn, onScroll, onKeyDown } = useTurning(shown)
  const count = images.length
  return (
    <>
      <section
        className="gallery"
        ref={strip}
        {...REACHABLE}
        aria-label={t('images.many', { count })}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        {images.map((image, i) => (
          <div className="slide" key={image.id} aria-hidden={i !== index}>
            <Slide entry={entry} image={image} alt={image.alt ?? alt} far={Math.abs(i - index) > 1} />
          </div>
        ))}
      </section>
      <div className="gallery-turn">
        <Button shape="square" aria-label={t('images.previous')} disabled={index <= 0} onClick={() => turn(-1)}>
          <Icon name="back" />
        </Button>
        <span className="at">
          <span aria-hidden="true">{t('images.at', { n: index + 1, count })}</span>
          <span className="sr" role="status">
            {t('images.place', { n: index + 1, count })}
          </span>
        </span>
        <Button
          shape="square"
          className="next"
          aria-label={t('images.next')}
          disabled={index >= count - 1}
          onClick={() => turn(1)}
        >
          <Icon name="back" />
        </Button>
      </div>
    </>
  )
}

/** The pictures of an entry, one at a time, edge to edge. */
export function Gallery({ entry, shown, alt }: GalleryProps) {
  if (shown.images.length > 1) return <Many entry={entry} shown={shown} alt={alt} />
  return <Slide entry={entry} image={shown.image} alt={shown.image?.alt ?? alt} />
}
