import { cryptoRandom } from '@biologidex/client/adapters/system'
import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { useEffect, useMemo, useRef, useState } from 'react'
import { beforeReload } from '../../app/before-reload.ts'
import { withDrafts } from '../../app/draft-box.ts'
import { endedDraft, rememberEndedDraft } from '../../app/remembered.ts'
import { useAccount, useDex } from '../../app/session.tsx'
import type { AnimalChoice } from '../animals/choice.ts'
import type { PhotoSource, Shot } from '../images/use-shot.ts'
import type { MoreFields } from './capture-more.tsx'
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
  /** SHA-256 of the photo that these words were said of. */
  readonly sha256: string
}

interface StoredDraft extends CaptureDraft {
  readonly source: PhotoSource
  readonly type: string
  readonly modified: number
}

const WORDS = 'capture/words'
const PHOTO = 'capture/photo'
/** How long typing rests before it is written down, in milliseconds. */
const REST = 300

const random = cryptoRandom()

async function readDraft(account: string): Promise<{ draft: StoredDraft; file: File } | undefined> {
  return withDrafts(account, async (box) => {
    const [words, photo] = [await box.get(WORDS), await box.get(PHOTO)]
    if (!words || !photo) return undefined
    const draft = JSON.parse(new TextDecoder().decode(words)) as StoredDraft
    const bytes = photo as Uint8Array<ArrayBuffer>
    return { draft, file: new File([bytes], 'photo', { type: draft.type, lastModified: draft.modified }) }
  })
}

/** Deletes what was begun: it was kept, or its person left it on purpose. */
async function dropDraft(account: string): Promise<void> {
  await withDrafts(account, (box) => box.delete([WORDS, PHOTO]))
}

/**
 * The capture that was begun here before the app was closed, reloaded or replaced by a newer version. `reading` until it is known whether
 * there is one; its photo is handed to `take`. Undefined for one that was kept after all.
 */
export function useBegunCapture(take: (file: File, source: PhotoSource) => void): {
  readonly reading: boolean
  readonly begun: CaptureDraft | undefined
} {
  const account = useAccount()
  const { entries, trash } = useDex()
  const [reading, setReading] = useState(true)
  const [begun, setBegun] = useState<CaptureDraft>()
  const once = useRef(false)
  useEffect(() => {
    if (!reading || once.current) return
    once.current = true
    const found = readDraft(account).then((stored) => {
      if (!stored) return undefined
      const { entry } = stored.draft
      if (entry === endedDraft(account) || entries.has(entry) || trash.has(entry)) return dropDraft(account)
      setBegun(stored.draft)
      take(stored.file, stored.draft.source)
      return undefined
    })
    found
      .catch((error: unknown) => console.warn('A capture that was begun could not be read.', error))
      .finally(() => setReading(false))
  }, [reading, account, entries, trash, take])
  return { reading, begun }
}

/** Writes one after another, and the latest words only. */
class DraftWriter {
  readonly #account: string
  #photo: string | undefined
  #last: Promise<void> = Promise.resolve()
  #ended = false

  constructor(account: string) {
    this.#account = account
  }

  /** Resolves to whether it was written: only where it can be sealed. */
  write(shot: Shot, draft: CaptureDraft): Promise<boolean> {
    const turn = this.#last.then(() => this.#write(shot, draft))
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }

  async #write({ read, source, modified }: Shot, draft: CaptureDraft): Promise<boolean> {
    if (this.#ended) return false
    const stored: StoredDraft = { ...draft, source, type: read.type, modified }
    const isWritten = await withDrafts(this.#account, async (box) => {
      if (this.#photo !== read.sha256) await box.put(PHOTO, read.bytes)
      await box.put(WORDS, new TextEncoder().encode(JSON.stringify(stored)))
      return true
    })
    if (!isWritten) return false
    this.#photo = read.sha256
    return true
  }

  async drop(entry: string): Promise<void> {
    this.#ended = true
    rememberEndedDraft(this.#account, entry)
    await this.#last
    await dropDraft(this.#account)
  }
}

/**
 * Writes a capture down while it is being made, sealed. `saved`: whether anything of it lies on this device, and whether all of it does; `entry` is the id to keep it under; `drop`
 * when it is kept, or left on purpose.
 */
export function useCaptureDraft(shot: Shot, words: CaptureWords, begun: CaptureDraft | undefined) {
  const account = useAccount()
  const [entry] = useState(() => begun?.entry ?? random.uuid())
  const [last, setLast] = useState<CaptureDraft>()
  const writer = useMemo(() => new DraftWriter(account), [account])
  const { choice, more, when, where } = words
  const draft = useMemo(
    (): CaptureDraft => ({ entry, sha256: shot.read.sha256, choice, more, when, where }),
    [entry, shot, choice, more, when, where],
  )
  useEffect(() => {
    const write = () =>
      writer.write(shot, draft).then(
        (isSaved) => setLast(isSaved ? draft : undefined),
        () => setLast(undefined),
      )
    const timer = setTimeout(() => void write(), REST)
    const stop = beforeReload(write)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [writer, shot, draft])
  return { entry, saved: { some: last !== undefined, all: last === draft }, drop: () => writer.drop(entry) }
}
