import { AppError, type ErrorCode } from '@biologidex/core/errors'
import { LIMITS } from '@biologidex/core/limits'
import type { PhotoRead } from './read-photo.ts'
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
  /** Set apart: it comes next, by itself. The first one stands for its entry all the same. */
  readonly apart: boolean
  /** Why it cannot be shown, once that is known. */
  readonly code?: ErrorCode
}

/** The photos of a capture, in the order in which they came. */
export interface ShotsState {
  readonly shots: readonly Shot[]
  /** How many files are still to be read. */
  readonly toRead: number
  /** Those that are being kept just now: what comes meanwhile comes next. */
  readonly keeping?: readonly Shot[]
  /** The one that was left out last, and its place. */
  readonly leftOut?: { readonly shot: Shot; readonly at: number }
  /** Why the last that was refused was, in words. */
  readonly wrong?: string
}

export const NO_SHOTS: ShotsState = { shots: [], toRead: 0 }

const sameAs =
  ({ read }: Shot) =>
  (other: Shot): boolean =>
    other.read.sha256 === read.sha256

const isKeeping = ({ keeping = [] }: ShotsState, shot: Shot): boolean => keeping.some(sameAs(shot))

/** What is there besides those that are being kept. */
const others = (state: ShotsState): readonly Shot[] => state.shots.filter((shot) => !isKeeping(state, shot))

/** How many more photos fit into the entry that is made of them. */
export const roomIn = (state: ShotsState): number => Math.max(0, LIMITS.imagesPerEntry - others(state).length - state.toRead)

/** Whether anything is there or on its way besides what is being kept. */
export const hasMore = (state: ShotsState): boolean => state.toRead > 0 || others(state).length > 0

/** So many more files are to be read. `wrong`: why not all that were chosen. */
export function awaited({ wrong: _, ...state }: ShotsState, files: number, wrong?: string): ShotsState {
  return { ...state, toRead: state.toRead + files, ...(wrong === undefined ? {} : { wrong }) }
}

/** A file has been read and judged, or refused. */
export const oneRead = (state: ShotsState): ShotsState => ({ ...state, toRead: state.toRead - 1 })

/** One more photo, behind all that are there; one that is there already is not there twice. */
export function added(state: ShotsState, shot: Shot): ShotsState {
  if (state.shots.some(sameAs(shot))) return state
  return { ...state, shots: [...state.shots, state.keeping ? { ...shot, apart: true } : shot] }
}

/** With what is known once its previews are made: a shot that cannot be shown says why, one that no server would take goes. */
export function judged({ shots, ...rest }: ShotsState, shot: Shot, code: ErrorCode): ShotsState {
  const isIt = sameAs(shot)
  if (code !== 'picture_too_many_pixels') return { ...rest, shots: shots.map((one) => (isIt(one) ? { ...one, code } : one)) }
  return { ...rest, shots: shots.filter((one) => !isIt(one)), wrong: new AppError(code).message }
}

/** Sets a photo apart, or takes it in again. */
export function toggled(state: ShotsState, shot: Shot): ShotsState {
  if (isKeeping(state, shot)) return state
  const isIt = sameAs(shot)
  return { ...state, shots: state.shots.map((one) => (isIt(one) ? { ...one, apart: !one.apart } : one)) }
}

/** Without a photo; `broughtBack` takes that back. */
export function without(state: ShotsState, shot: Shot): ShotsState {
  const at = state.shots.findIndex(sameAs(shot))
  const left = state.shots[at]
  if (!left || isKeeping(state, left)) return state
  return { ...state, shots: state.shots.toSpliced(at, 1), leftOut: { shot: left, at } }
}

export function broughtBack({ leftOut, ...state }: ShotsState): ShotsState {
  if (!leftOut || state.shots.some(sameAs(leftOut.shot))) return state
  return { ...state, shots: state.shots.toSpliced(leftOut.at, 0, leftOut.shot) }
}

/** These are being kept from now on. */
export const keepBegun = (state: ShotsState, keeping: readonly Shot[]): ShotsState => ({ ...state, keeping })

/** They are kept: the others become the next entry, all of them, until somebody sets one apart. */
export function keepDone(state: ShotsState): ShotsState {
  const { keeping: _, leftOut: __, ...rest } = state
  return { ...rest, shots: others(state).map((shot) => ({ ...shot, apart: false })) }
}

/** They could not be kept: all stays, and what came meanwhile comes next. */
export function keepFailed({ keeping: _, ...rest }: ShotsState): ShotsState {
  return rest
}
