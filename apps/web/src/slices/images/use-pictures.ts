import type { Draft } from '@biologidex/client/face'
import { AppError } from '@biologidex/core/errors'
import type { ImagePart } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useRef, useState } from 'react'
import { announce } from '../../app/announce.tsx'
import { carryOut as carryOutAndSay, storeFailure } from '../../app/carry-out.ts'
import { t } from '../../app/i18n.tsx'
import { leaveFiles } from '../../app/left-files.ts'
import { sessions, useDex, useEngine } from '../../app/session.tsx'
import { say } from '../../ui/toast.ts'
import { newPicture } from './new-picture.ts'
import * as edits from './picture-edits.ts'
import { type NotTaken, notTakenWords } from './picture-words.ts'

/** The last thing that can be taken back. */
interface Undo {
  readonly text: string
  readonly run: () => void
}

/** What can be done with the pictures of an entry; all of it is on this device when it is done, network or not. */
export interface PictureWork {
  /** What is being read, in words. */
  readonly reading: string | undefined
  /** Why the last thing was not done, in words. */
  readonly wrong: string | undefined
  readonly undo: Undo | undefined
  /** Offers in passing what could be taken back, once the place for it is gone. */
  readonly leave: () => void
  readonly add: (files: readonly File[]) => Promise<void>
  readonly replace: (old: ImagePart, file: File) => Promise<void>
  readonly remove: (image: ImagePart) => Promise<void>
  /** Takes a picture out of the bin again. */
  readonly bringBack: (image: string) => Promise<void>
  readonly move: (image: ImagePart, to: number) => Promise<void>
  readonly makePrimary: (image: ImagePart) => Promise<void>
  /** Resolves to whether it is stored. Why not is said in passing: its field may be gone by then. */
  readonly describe: (image: ImagePart, text: string) => Promise<boolean>
}

/** Reads a file and puts its picture where it belongs. Resolves to why it was not taken, in words; undefined: it was. */
async function bringIn(
  file: File,
  account: string,
  put: (picture: edits.NewPicture) => Promise<void>,
): Promise<string | undefined> {
  let picture: edits.NewPicture
  try {
    picture = await newPicture(file)
  } catch (error) {
    return error instanceof AppError ? error.message : t('images.unreadable')
  }
  try {
    await put(picture)
  } catch (error) {
    // The session ended while it was read: nothing can be stored, and this screen has gone.
    if (sessions.session.kind === 'locked') leaveFiles(account, [file])
    return storeFailure(error, 'capture.failed')
  }
  return undefined
}

export function usePictures(entry: EntryOnScreen): PictureWork {
  const engine = useEngine()
  const { entries } = useDex()
  const [reading, setReading] = useState<string>()
  const [wrong, setWrong] = useState<string>()
  const [undo, setUndo] = useState<Undo>()
  const latest = useRef(entry)
  latest.current = entry
  const isHere = useRef(true)
  isHere.current = entries.has(entry.id)

  const clear = () => {
    setWrong(undefined)
    setUndo(undefined)
  }
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    clear()
    try {
      await work()
      return true
    } catch (error) {
      setWrong(storeFailure(error, 'entry.failed'))
      return false
    }
  }
  const carryOut = (drafts: readonly Draft[]): Promise<boolean> => attempt(() => engine.mutate(drafts))
  const undoable = (text: string, undo: readonly Draft[]) => {
    const run = async () => {
      if (await carryOut(undo)) announce(t('images.back'))
    }
    announce(text)
    setUndo({ text, run: () => void run() })
  }
  /** A picture that no server takes is gone with its place: nothing of it would ever go up. */
  const forgetRefused = async ({ id }: ImagePart) => {
    try {
      if (engine.setAside().uploads.some(({ image }) => image === id)) await engine.discardUpload(id)
    } catch (error) {
      setWrong(storeFailure(error, 'entry.failed'))
    }
  }

  /** The server sets aside what comes to an entry in the trash (O6). */
  const sayIfTrashed = () => {
    if (!isHere.current) say({ id: 'to-tray', text: t('images.toTray'), stays: true })
  }

  const addAll = async (files: readonly File[]) => {
    const room = edits.roomFor(entry)
    const refused: NotTaken[] = []
    for (const [i, file] of files.slice(0, room).entries()) {
      setReading(t('images.reading', { n: i + 1, count: Math.min(files.length, room) }))
      const why = await bringIn(file, engine.account, (picture) => {
        const { drafts, photos } = edits.addPicture(entry, picture, i)
        return engine.mutate(drafts, photos)
      })
      if (why !== undefined) refused.push({ name: file.name, why })
    }
    const full = files.length > room ? [t('images.full', { most: LIMITS.imagesPerEntry, left: room })] : []
    const words = [...notTakenWords(refused, files.length), ...full]
    if (words.length > 0) setWrong(words.join(' '))
    if (refused.length < files.length) sayIfTrashed()
  }
  return {
    reading,
    wrong,
    undo,
    leave() {
      setWrong(undefined)
      setUndo(undefined)
      if (undo) say({ text: undo.text, action: { label: t('ui.undo'), run: undo.run } })
    },
    async add(files) {
      clear()
      await addAll(files)
      setReading(undefined)
    },
    async replace(old, file) {
      setReading(t('images.reading', { n: 1, count: 1 }))
      clear()
      const why = await bringIn(file, engine.account, async (picture) => {
        // As it is now: other devices went on while the file was chosen and read.
        const now = latest.current
        const { drafts, photos } = edits.replacePicture(now, old, picture)
        await engine.mutate(drafts, photos)
        undoable(t('images.replaced'), edits.unreplaceDrafts(now, old.id, picture.image))
        await forgetRefused(old)
      })
      if (why !== undefined) setWrong(why)
      else sayIfTrashed()
      setReading(undefined)
    },
    async remove(image) {
      if (!(await carryOut([edits.removeDraft(image.id)]))) return
      undoable(t('images.removed'), [edits.restoreDraft(image.id)])
      await forgetRefused(image)
    },
    async bringBack(image) {
      if (await carryOut([edits.restoreDraft(image)])) announce(t('images.back'))
    },
    async move(image, to) {
      const drafts = edits.movePicture(entry, image.id, to)
      if (drafts.length === 0 || !(await carryOut(drafts))) return
      announce(t('images.moved', { n: to + 1, count: entry.images?.length ?? 1 }))
    },
    async makePrimary(image) {
      if (!(await carryOut([edits.primaryDraft(entry, image.id)]))) return
      announce(t('images.mainNow', { n: (entry.images?.indexOf(image) ?? 0) + 1 }))
    },
    async describe(image, text) {
      const draft = edits.describeDraft(image, text)
      return draft === undefined || carryOutAndSay(() => engine.mutate([draft]))
    },
  }
}
