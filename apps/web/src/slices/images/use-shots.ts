import { AppError } from '@biologidex/core/errors'
import { LIMITS } from '@biologidex/core/limits'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { leaveFiles } from '../../app/left-files.ts'
import { sessions, useAccount } from '../../app/session.tsx'
import { makePreviews } from './previews.ts'
import { readPhoto } from './read-photo.ts'
import type { PhotoSource, Shot } from './shots-state.ts'
import * as state from './shots-state.ts'

/** Photos that are being kept, and what comes meanwhile: all of it answers at once, however long the screen takes. */
export interface KeepingShots {
  /** From now on these are being kept: what comes meanwhile is set apart. */
  readonly begin: (shots: readonly Shot[]) => void
  /** Whether anything is there or on its way besides. */
  readonly hasMore: () => boolean
  /** They are kept: on with the others. */
  readonly done: () => void
  /** They could not be kept: everything stays. */
  readonly failed: () => void
}

/** The photos at hand. */
export interface Shots extends Pick<state.ShotsState, 'shots' | 'wrong' | 'leftOut'> {
  readonly reading: boolean
  /** Reads files and puts them behind all that is there. `isApart`: which of them were set apart, by their checksums. */
  readonly take: (files: readonly File[], source: PhotoSource, isApart?: (sha256: string) => boolean) => void
  readonly toggle: (shot: Shot) => void
  readonly leaveOut: (shot: Shot) => void
  /** Takes back the last that was left out. */
  readonly bringBack: () => void
  readonly keeping: KeepingShots
}

const sentence = (error: unknown): string => (error instanceof AppError ? error.message : t('images.unreadable'))

async function readShot(file: File, source: PhotoSource, isApart?: (sha256: string) => boolean): Promise<Shot> {
  const read = await readPhoto(file)
  const rendered = makePreviews(read.bytes, read.type)
  const apart = isApart?.(read.sha256) ?? false
  return { source, modified: file.lastModified, url: URL.createObjectURL(file), read, rendered, apart }
}

/** Addresses of shots last as long as the shots do. */
function useAddresses({ shots, leftOut }: state.ShotsState): void {
  const given = useRef<readonly string[]>([])
  useEffect(() => {
    const now = [...shots, ...(leftOut ? [leftOut.shot] : [])].map(({ url }) => url)
    for (const url of given.current) if (!now.includes(url)) URL.revokeObjectURL(url)
    given.current = now
  }, [shots, leftOut])
  useEffect(
    () => () => {
      for (const url of given.current) URL.revokeObjectURL(url)
    },
    [],
  )
}

/** A state that can be asked for as it is now, not as it was drawn last. */
function useNow() {
  const [drawn, draw] = useState(state.NO_SHOTS)
  const now = useRef(drawn)
  const change = (how: (before: state.ShotsState) => state.ShotsState) => {
    now.current = how(now.current)
    draw(now.current)
  }
  return { drawn, now, change }
}

/**
 * Reads chosen files, one after another, and puts them behind those that are there: nothing takes another's place. The previews of one are made
 * before the next is read, so that twenty large photos do not lie decoded in memory at once; whoever keeps a shot waits for its own only.
 */
export function useShots(): Shots {
  const account = useAccount()
  const { drawn, now, change } = useNow()
  const turn = useRef(Promise.resolve())
  const here = useRef(true)
  useAddresses(drawn)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])

  const readOne = async (reading: () => Promise<Shot>) => {
    if (!here.current) return
    try {
      const shot = await reading()
      change((before) => state.added(before, shot))
      const isTaken = here.current && now.current.shots.some(({ url }) => url === shot.url)
      if (!isTaken) URL.revokeObjectURL(shot.url)
      const { code } = await shot.rendered
      if (code) change((before) => state.judged(before, shot, code))
    } catch (error) {
      change((before) => ({ ...before, wrong: sentence(error) }))
    } finally {
      change(state.oneRead)
    }
  }
  const take: Shots['take'] = (files, source, isApart) => {
    const room = state.roomIn(now.current)
    const some = files.slice(0, room)
    const full = files.length > room ? t('images.full', { most: LIMITS.imagesPerEntry, left: room }) : undefined
    change((before) => state.awaited(before, some.length, full))
    const read = async (file: File) => {
      await readOne(() => readShot(file, source, isApart))
      // Whoever leaves does so on purpose, but for those whose session ended.
      if (!here.current && sessions.session.kind === 'locked') leaveFiles(account, [file])
    }
    for (const file of some) turn.current = turn.current.then(() => read(file))
  }
  const { shots, toRead, ...rest } = drawn
  return {
    ...rest,
    shots,
    reading: toRead > 0,
    take,
    toggle: (shot) => change((before) => state.toggled(before, shot)),
    leaveOut: (shot) => change((before) => state.without(before, shot)),
    bringBack: () => change(state.broughtBack),
    keeping: {
      begin: (some) => change((before) => state.keepBegun(before, some)),
      hasMore: () => state.hasMore(now.current),
      done: () => change(state.keepDone),
      failed: () => change(state.keepFailed),
    },
  }
}
