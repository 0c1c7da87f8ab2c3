import type { Engine } from '@biologidex/client/face'
import { useCallback, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { Thumb } from '../ui/thumb.tsx'
import { type PictureAt, Pictures } from './pictures.ts'
import { useLastSuccess, useSession } from './session.tsx'

const stores = new WeakMap<Engine, Pictures>()

/** The pictures of an engine that the page has at hand. */
export function picturesOf(engine: Engine): Pictures {
  const known = stores.get(engine)
  if (known) return known
  const made = new Pictures(engine)
  stores.set(engine, made)
  return made
}

const keyOf = (at: PictureAt | undefined): string =>
  at ? `${at.dex}/${at.entry}/${at.image}/${at.rendition}/${at.sha256 ?? ''}` : ''

/**
 * Address of a picture, for an `img`: undefined until it is here. While another rendition of the same image is on its way
 * (the server has finished its own), the address shown so far stays.
 */
export function usePicture(at: PictureAt | undefined): string | undefined {
  const session = useSession()
  const pictures = session.kind === 'open' ? picturesOf(session.engine) : undefined
  const key = keyOf(at)
  const latest = useRef(at)
  latest.current = at
  const subscribe = useCallback(
    (listener: () => void) => {
      const now = latest.current
      return key && now && pictures ? pictures.use(now, listener) : () => undefined
    },
    [pictures, key],
  )
  // React subscribes only after the plate has been painted: by then the picture may be here.
  useLayoutEffect(() => {
    if (latest.current) pictures?.begin(latest.current)
  }, [pictures, key])
  const url = useSyncExternalStore(subscribe, () => (at && pictures ? pictures.peek(at) : undefined))
  useAskAgain(pictures, at, key, url)
  return useKept(url, at?.image)
}

/** Asks again after each sync that went through. */
function useAskAgain(pictures: Pictures | undefined, at: PictureAt | undefined, key: string, url: string | undefined): void {
  const success = useLastSuccess()
  const latest = useRef(at)
  latest.current = at
  // `key` stands for `at`, which is a new object at each drawing.
  useEffect(() => {
    if (success !== undefined && url === undefined && latest.current) pictures?.again(latest.current)
  }, [success, pictures, key])
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

/** A picture of a dex: thumbhash first, then the picture, in a box whose size its class fixes. */
export function Picture({ at, ...look }: PictureProps) {
  return <Thumb key={at?.image ?? ''} src={usePicture(at)} {...look} />
}
