import { AppError, type ErrorCode } from '@biologidex/core/errors'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { makePreviews } from './previews.ts'
import { type PhotoRead, readPhoto } from './read-photo.ts'
import type { Rendered } from './render.ts'

/** How a picture came into the app. */
export type PhotoSource = 'camera' | 'library'

/** A photo at hand, not kept yet. */
export interface Shot {
  readonly source: PhotoSource
  /** When its file was last changed, in UTC milliseconds. */
  readonly modified: number
  /** Address for an `img`, valid while the shot is the present one. */
  readonly url: string
  readonly read: PhotoRead
  readonly rendered: Promise<Rendered>
  /** Why it cannot be shown, once that is known. */
  readonly code?: ErrorCode
}

/** Where reading a file stands. `wrong`: why the last file was refused, in words; a shot taken before stays. */
export interface ShotState {
  readonly reading: boolean
  readonly shot?: Shot
  readonly wrong?: string
}

const sentence = (error: unknown): string => (error instanceof AppError ? error.message : t('images.unreadable'))

/** A picture that no server would take, whatever its format. */
const isRefused = (code: ErrorCode | undefined): boolean => code === 'picture_too_many_pixels'

/**
 * Reads chosen files, one at a time: the last one chosen counts. Previews are made meanwhile and awaited only when the photo
 * is kept.
 */
export function useShot(): ShotState & { take: (file: File, source: PhotoSource) => void } {
  const [state, setState] = useState<ShotState>({ reading: false })
  const last = useRef(0)
  const url = state.shot?.url
  useEffect(() => (url ? () => URL.revokeObjectURL(url) : undefined), [url])

  const read = async (file: File, source: PhotoSource, turn: number) => {
    const isLast = () => last.current === turn
    try {
      const photo = await readPhoto(file)
      if (!isLast()) return
      const rendered = makePreviews(photo.bytes, photo.type)
      const url = URL.createObjectURL(file)
      setState({ reading: false, shot: { source, modified: file.lastModified, url, read: photo, rendered } })
      const { code } = await rendered
      if (!code || !isLast()) return
      if (isRefused(code)) setState({ reading: false, wrong: new AppError(code).message })
      else setState(({ shot, ...rest }) => ({ ...rest, ...(shot ? { shot: { ...shot, code } } : {}) }))
    } catch (error) {
      if (isLast()) setState(({ shot }) => ({ reading: false, wrong: sentence(error), ...(shot ? { shot } : {}) }))
    }
  }
  const take = (file: File, source: PhotoSource) => {
    last.current += 1
    setState(({ shot }) => ({ reading: true, ...(shot ? { shot } : {}) }))
    void read(file, source, last.current)
  }
  return { ...state, take }
}
