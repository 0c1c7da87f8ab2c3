import { hiddenPlace } from '@biologidex/client/adapters/hidden-names'
import { cryptoRandom } from '@biologidex/client/adapters/system'
import type { BlobCache } from '@biologidex/client/ports'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { useEffect, useMemo, useRef, useState } from 'react'
import { beforeReload } from '../../app/before-reload.ts'
import { withDrafts } from '../../app/draft-box.ts'
import { leaveFiles } from '../../app/left-files.ts'
import { endedDraft, rememberEndedDraft } from '../../app/remembered.ts'
import { sessions, useAccount, useDex } from '../../app/session.tsx'
import type { Dex } from '../../app/session-store.ts'
import type { AnimalChoice } from '../animals/choice.ts'
import type { PhotoSource, Shot } from '../images/shots-state.ts'
import type { Shots } from '../images/use-shots.ts'
import type { MoreFields } from './capture-more.tsx'
import { begunIn, CapturePlace, type DraftKeys } from './capture-place.ts'
import type { Known } from './use-when-where.ts'

/** What was said of a photo that is not kept yet. */
export interface CaptureWords {
  readonly choice: AnimalChoice
  readonly more: Partial<MoreFields>
  readonly when: Known<Observed>
  readonly where: Known<Place>
}

/** A capture that was begun. `entry`: the id that it will be kept under, so that it is kept once. */
export interface CaptureDraft extends CaptureWords {
  readonly entry: string
  /** Names this capture where its end is remembered in the open: it is no id of anything. Captures of older versions have none. */
  readonly mark?: string
  /** SHA-256 of the photo that these words were said of. */
  readonly sha256: string
}

interface StoredPhoto {
  readonly type: string
  readonly modified: number
}

interface StoredDraft extends CaptureDraft, StoredPhoto {
  readonly source: PhotoSource
  /** Photos that were chosen with it. `apart`: set apart, to be kept by itself next. */
  readonly others?: readonly (StoredPhoto & { readonly sha256: string; readonly apart: boolean })[]
}

/** Photos at hand: those that become one entry, and those that come next. */
export interface DraftShots {
  readonly shots: readonly [Shot, ...Shot[]]
  readonly apart: readonly Shot[]
}

/** What was begun, with its photos' files, the first of which the words were said of. */
interface BegunCapture {
  readonly draft: StoredDraft
  readonly files: readonly [File, ...File[]]
}

/** How long typing rests before it is written down, in milliseconds. */
const REST = 300

const random = cryptoRandom()

const asFile = (bytes: Uint8Array, { type, modified }: StoredPhoto): File =>
  new File([bytes as Uint8Array<ArrayBuffer>], 'photo', { type, lastModified: modified })

async function readDraft(box: BlobCache, keys: DraftKeys): Promise<BegunCapture | undefined> {
  const [words, photo] = [await box.get(keys.words), await box.get(keys.photo)]
  if (!words || !photo) return undefined
  const draft = JSON.parse(new TextDecoder().decode(words)) as StoredDraft
  const files: [File, ...File[]] = [asFile(photo, draft)]
  const others: NonNullable<StoredDraft['others']>[number][] = []
  for (const other of draft.others ?? []) {
    const bytes = await box.get(keys.other(other.sha256))
    if (!bytes) continue
    files.push(asFile(bytes, other))
    others.push(other)
  }
  return { draft: { ...draft, others }, files }
}

/** What is still to be kept of a capture whose entry is kept: the photos that were set apart. */
function stillApart({ draft, files }: BegunCapture): readonly File[] {
  const [, ...others] = files
  return others.filter((_, i) => draft.others?.[i]?.apart)
}

/** A capture that was begun and not kept. `apart`: photos of it that are to be kept by themselves. */
export interface Unkept {
  /** Absent: its entry is kept, and only photos that were set apart are left. */
  readonly draft?: StoredDraft
  readonly files: readonly File[]
  readonly apart: readonly File[]
}

type Kept = Pick<Dex, 'entries' | 'trash'>

/** What of a stored capture is still to be kept; undefined for one that has ended. */
function unkeptOf(stored: BegunCapture, account: string, { entries, trash }: Kept): Unkept | undefined {
  const { draft, files } = stored
  const apart = stillApart(stored)
  if (entries.has(draft.entry) || trash.has(draft.entry)) return apart.length > 0 ? { files: apart, apart } : undefined
  // By the id itself as well: so an earlier version noted it.
  const marks = [hiddenPlace(account), account].map(endedDraft)
  const hasEnded = draft.mark !== undefined && marks.includes(draft.mark)
  return hasEnded ? undefined : { draft, files, apart }
}

/** All that was begun on this device and is not kept, by whichever tab. */
export async function readUnkept(account: string, dex: Kept): Promise<Unkept[]> {
  const stored = await withDrafts(account, async (box) => {
    const all: (BegunCapture | undefined)[] = []
    for (const keys of begunIn(await box.keys())) {
      // One that cannot be opened any more is lost already, and hides no other.
      const one = await readDraft(box, keys).catch((error: unknown) => {
        console.warn('A capture that was begun could not be read.', error)
        return undefined
      })
      all.push(one)
    }
    return all
  })
  return (stored ?? []).flatMap((one) => (one && unkeptOf(one, account, dex)) ?? [])
}

interface Begun {
  readonly reading: boolean
  readonly begun: CaptureDraft | undefined
  /** Whether its photos come back: until all are read, what lies on the device is more than what is on screen. */
  readonly comesBack: boolean
  /** Where this tab's capture lies; undefined until it is known, or where nothing can be written down. */
  readonly place: CapturePlace | undefined
}

/** A place of this page's own, for as long as it is there. */
function usePlace(account: string) {
  const taking = useRef<Promise<CapturePlace>>(undefined)
  useEffect(
    () => () => {
      taking.current?.then(
        (place) => place.leave(),
        () => undefined,
      )
    },
    [],
  )
  return () => {
    taking.current ??= CapturePlace.take(account)
    return taking.current
  }
}

/**
 * The capture that was begun here before the app was closed, reloaded or replaced by a newer version. `reading` until it is known whether
 * there is one; its photos are handed to `take`. Of one that was kept after all, those that were set apart are left.
 */
export function useBegunCapture(take: Shots['take']): Begun {
  const account = useAccount()
  const { entries, trash } = useDex()
  const [reading, setReading] = useState(true)
  const [begun, setBegun] = useState<StoredDraft>()
  const [comesBack, setComesBack] = useState(false)
  const [place, setPlace] = useState<CapturePlace>()
  const takePlace = usePlace(account)
  const once = useRef(false)
  useEffect(() => {
    if (!reading || once.current) return
    once.current = true
    const found = takePlace().then(async (mine) => {
      setPlace(mine)
      const stored = await mine.run((box) => readDraft(box, mine.keys))
      if (!stored) return undefined
      const unkept = unkeptOf(stored, account, { entries, trash })
      if (!unkept) return mine.empty()
      const { source, others = [] } = stored.draft
      setBegun(unkept.draft)
      setComesBack(true)
      const apart = others.filter((other) => other.apart).map(({ sha256 }) => sha256)
      if (unkept.draft) take(unkept.files, source, (sha256) => apart.includes(sha256))
      else take(unkept.files, source)
      return undefined
    })
    found
      .catch((error: unknown) => console.warn('A capture that was begun could not be read.', error))
      .finally(() => setReading(false))
  }, [reading, account, entries, trash, take, takePlace])
  return { reading, begun, comesBack, place }
}

/** Writes one after another, and the latest words only. */
class DraftWriter {
  readonly #account: string
  readonly #place: CapturePlace
  #photo: string | undefined
  #ended = false

  constructor(account: string, place: CapturePlace) {
    this.#account = account
    this.#place = place
  }

  /** Resolves to whether it was written: only where it can be sealed. */
  async write(at: DraftShots, draft: CaptureDraft): Promise<boolean> {
    const isWritten = await this.#place.run((box) => (this.#ended ? Promise.resolve(false) : this.#write(box, at, draft)))
    return isWritten ?? false
  }

  async #write(box: BlobCache, { shots: [shot, ...rest], apart }: DraftShots, draft: CaptureDraft): Promise<boolean> {
    const { keys } = this.#place
    const { read, source, modified } = shot
    const others = [...rest, ...apart].map((one) => ({
      ...{ sha256: one.read.sha256, type: one.read.type, modified: one.modified },
      apart: apart.includes(one),
    }))
    const stored: StoredDraft = { ...draft, source, type: read.type, modified, ...(others.length > 0 ? { others } : {}) }
    const there = await box.keys()
    const wanted = others.map(({ sha256 }) => keys.other(sha256))
    for (const one of [...rest, ...apart]) {
      const key = keys.other(one.read.sha256)
      if (!there.includes(key)) await box.put(key, one.read.bytes)
    }
    if (this.#photo !== read.sha256) await box.put(keys.photo, read.bytes)
    await box.put(keys.words, new TextEncoder().encode(JSON.stringify(stored)))
    await box.delete(there.filter((key) => key.startsWith(keys.other('')) && !wanted.includes(key)))
    this.#photo = read.sha256
    return true
  }

  /** Nothing is written any more; what is written stays, for what comes next. */
  async end(): Promise<void> {
    this.#ended = true
    await this.#place.idle()
  }

  async drop(mark: string): Promise<void> {
    rememberEndedDraft(hiddenPlace(this.#account), mark)
    this.#ended = true
    await this.#place.empty()
  }
}

/**
 * Writes a capture down while it is being made, sealed. `saved`: whether anything of it lies on this device, and whether all of it does; `entry` is the id to keep it under; `drop`
 * when it is kept, or left on purpose. `hold`: what lies on the device stays as it is for now.
 */
export function useCaptureDraft(
  { shots, apart }: DraftShots,
  words: CaptureWords,
  begun: CaptureDraft | undefined,
  hold: boolean,
  place: CapturePlace | undefined,
) {
  const [shot] = shots
  const account = useAccount()
  const [entry] = useState(() => begun?.entry ?? random.uuid())
  const [mark] = useState(() => begun?.mark ?? random.uuid())
  const [last, setLast] = useState<CaptureDraft>()
  const writer = useMemo(() => place && new DraftWriter(account, place), [account, place])
  const { choice, more, when, where } = words
  const draft = useMemo(
    (): CaptureDraft => ({ entry, mark, sha256: shot.read.sha256, choice, more, when, where }),
    [entry, mark, shot, choice, more, when, where, shots, apart],
  )
  useEffect(() => {
    if (hold || !writer) return undefined
    const write = () =>
      writer.write({ shots, apart }, draft).then(
        (isSaved) => setLast(isSaved ? draft : undefined),
        () => setLast(undefined),
      )
    const timer = setTimeout(() => void write(), REST)
    const stop = beforeReload(write)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [writer, shots, apart, draft, hold])
  const unwritten = useRef<readonly Shot[]>([])
  unwritten.current = last === draft ? [] : [...shots, ...apart]
  useEffect(
    () => () => {
      if (sessions.session.kind !== 'locked') return
      const files = unwritten.current.map(({ read, modified }) => asFile(read.bytes, { type: read.type, modified }))
      leaveFiles(account, files)
    },
    [account],
  )
  const saved = { some: last !== undefined, all: last === draft }
  const end = async () => writer?.end()
  const drop = async () => writer?.drop(mark)
  return { entry, saved, end, drop }
}
