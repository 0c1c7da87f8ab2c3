import type { Engine } from '@biologidex/client/face'
import { useCallback, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { Thumb } from '../ui/thumb.tsx'
import { type PictureAt, Pictures } from './pictures.ts'
import { useSession } from './session.tsx'

const stores = new WeakMap<Engine, Pictures>()

/** The pictures of an engine that the page has at hand. */
export function picturesOf(engine: Engine): Pictures {
  const known = stores.get(engine)
  if (known) return known
  const made = new Pictures(engine)
  stores.set(engine, made)
  return made
}

function usePictures(): Pictures | undefined {
  const session = useSession()
  return session.kind === 'open' ? picturesOf(session.engine) : undefined
}

const keyOf = (at: PictureAt | undefined): string =>
  at ? `${at.dex}/${at.entry}/${at.image}/${at.rendition}/${at.sha256 ?? ''}` : ''

const NOTHING = (): void => undefined

/**
 * Address of a picture, for an `img`: undefined until it is here. While another rendition of the same image is on its way
 * (the server has finished its own), the address shown so far stays.
 */
export function usePicture(at: PictureAt | undefined): string | undefined {
  const pictures = usePictures()
  const key = keyOf(at)
  const latest = useRef(at)
  latest.current = at
  const subscribe = useCallback(
    (listener: () => void) => {
      const now = latest.current
      return key && now && pictures ? pictures.use(now, listener) : NOTHING
    },
    [pictures, key],
  )
  // React subscribes only after the plate has been painted: by then the picture may be here.
  useLayoutEffect(() => {
    if (latest.current) pictures?.begin(latest.current)
  }, [pictures, key])
  const url = useSyncExternalStore(subscribe, () => (at && pictures ? pictures.peek(at) : undefined))
  return useKept(url, at?.image)
}

/** The last address of the same image while the next one is awaited. */
function useKept(url: string | undefined, image: string | undefined): string | undefined {
  const last = useRef<{ image: string | undefined; url: string | undefined }>({ image, url })
  if (url !== undefined || last.current.image !== image) last.current = { image, url }
  return last.current.url
}

export interface PictureProps {
  readonly at: PictureAt | undefined
  readonly thumbhash?: string | undefined
  readonly alt: string
  readonly className?: string
}

/**
 * A picture of a dex: thumbhash first, then the picture, in a box whose size its class fixes. Pictures of a wall come by the dozen while it is
 * scrolled: each is put into its box as it comes, and React draws nothing anew for it.
 */
export function Picture({ at, ...look }: PictureProps) {
  const pictures = usePictures()
  const latest = useRef(at)
  latest.current = at
  const key = keyOf(at)
  const feed = useCallback(
    (show: (src: string) => void) => {
      const now = latest.current
      if (!key || !now || !pictures) return NOTHING
      // While another rendition of the same image is on its way, what is shown stays.
      const look = () => {
        const url = pictures.peek(now)
        if (url !== undefined) show(url)
      }
      look()
      return pictures.use(now, look)
    },
    [pictures, key],
  )
  return <Thumb key={at?.image ?? ''} feed={feed} {...look} />
}
