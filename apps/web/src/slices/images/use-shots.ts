import { AppError, type ErrorCode } from '@biologidex/core/errors'
import { LIMITS } from '@biologidex/core/limits'
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
  /** Address for an `img`, valid while the shot is among the present ones. */
  readonly url: string
  readonly read: PhotoRead
  readonly rendered: Promise<Rendered>
  /** Why it cannot be shown, once that is known. */
  readonly code?: ErrorCode
}

/** Where reading files stands. `wrong`: why the last that was refused was, in words. */
export interface ShotsState {
  readonly reading: boolean
  /** In the order in which they were chosen; those that were there stay until the first of the new ones is read. */
  readonly shots: readonly Shot[]
  readonly wrong?: string
}

export interface Shots extends ShotsState {
  /** Reads files in the place of all that is there. */
  readonly take: (files: readonly File[], source: PhotoSource) => void
  /** Goes on with some of those that are there. */
  readonly leave: (shots: readonly Shot[]) => void
}

const sentence = (error: unknown): string => (error instanceof AppError ? error.message : t('images.unreadable'))

/** A picture that no server would take, whatever its format. */
const isRefused = (code: ErrorCode | undefined): boolean => code === 'picture_too_many_pixels'

const sameAs =
  ({ read }: Shot) =>
  (other: Shot): boolean =>
    other.read.sha256 === read.sha256

async function readShot(file: File, source: PhotoSource): Promise<Shot> {
  const read = await readPhoto(file)
  const rendered = makePreviews(read.bytes, read.type)
  return { source, modified: file.lastModified, url: URL.createObjectURL(file), read, rendered }
}

/** With what is known once its previews are made: a shot that cannot be shown says why, one that nobody would take goes. */
function judged({ shots, ...rest }: ShotsState, shot: Shot, code: ErrorCode): ShotsState {
  const isIt = sameAs(shot)
  if (!isRefused(code)) return { ...rest, shots: shots.map((one) => (isIt(one) ? { ...one, code } : one)) }
  return { ...rest, shots: shots.filter((one) => !isIt(one)), wrong: new AppError(code).message }
}

/** Addresses of shots last as long as the shots do. */
function useAddresses(shots: readonly Shot[]): void {
  const given = useRef<readonly string[]>([])
  useEffect(() => {
    const now = shots.map(({ url }) => url)
    for (const url of given.current) if (!now.includes(url)) URL.revokeObjectURL(url)
    given.current = now
  }, [shots])
  useEffect(
    () => () => {
      for (const url of given.current) URL.revokeObjectURL(url)
    },
    [],
  )
}

/**
 * Reads chosen files, one after another: the last choice counts. The previews of one are made before the next is read, so that twenty
 * large photos do not lie decoded in memory at once; whoever keeps a shot waits for its own only.
 */
export function useShots(): Shots {
  const [state, setState] = useState<ShotsState>({ reading: false, shots: [] })
  const last = useRef(0)
  useAddresses(state.shots)

  const readAll = async (files: readonly File[], source: PhotoSource, turn: number) => {
    const isLast = () => last.current === turn
    const change = (how: (before: ShotsState) => ShotsState) => isLast() && setState(how)
    let isFirst = true
    for (const file of files) {
      try {
        const shot = await readShot(file, source)
        if (!isLast()) return URL.revokeObjectURL(shot.url)
        const replaces = isFirst
        isFirst = false
        change(({ shots, ...rest }) => {
          const before = replaces ? [] : shots
          return { ...rest, shots: before.some(sameAs(shot)) ? before : [...before, shot] }
        })
        const { code } = await shot.rendered
        if (code) change((before) => judged(before, shot, code))
      } catch (error) {
        change((before) => ({ ...before, wrong: sentence(error) }))
      }
    }
    change((before) => ({ ...before, reading: false }))
    return undefined
  }
  const take: Shots['take'] = (files, source) => {
    const most = LIMITS.imagesPerEntry
    const left = files.length > most ? { wrong: t('images.full', { most, left: most }) } : {}
    last.current += 1
    setState(({ shots }) => ({ reading: true, shots, ...left }))
    void readAll(files.slice(0, most), source, last.current)
  }
  const leave: Shots['leave'] = (shots) => {
    last.current += 1
    setState({ reading: false, shots })
  }
  return { ...state, take, leave }
}
