import type { InBox } from './draft-box.ts'

/** What somebody typed into a field and did not save, with the words by which they know where that was. */
export interface LeftWord {
  /** The page's heading: of an entry, its name. */
  readonly page: string
  /** The heading of the sheet, or of the part of the page. */
  readonly form: string
  readonly field: string
  readonly text: string
}

/** What an account typed before its session ended. */
export interface LeftWords {
  readonly words: readonly LeftWord[]
  /** Deletes it: whoever typed it needs it no more. */
  readonly drop: () => Promise<void>
}

/** As it lies sealed, with when it was left. */
interface Sealed {
  readonly at: number
  readonly words: readonly LeftWord[]
}

type Way = Promise<InBox | undefined>

/** Where it lies among the drafts: under a name of its own each time, since several tabs may leave something. */
const FOLDER = 'left/'

/** What is not sealed yet, or cannot be. In memory only: nothing of it may lie on the disk in plain. */
let left: { readonly account: string; readonly words: readonly LeftWord[] } | undefined
let sealing: Promise<void> = Promise.resolve()

/** Whoever closes the page now is asked by the browser: the words are nowhere else. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** Lets go of what is in memory: it is sealed, or whoever typed it has left this device. */
export function forgetLeftWords(): void {
  left = undefined
  removeEventListener('beforeunload', ask)
}

/**
 * Keeps what was typed until its account signs in again. It is sealed, not only remembered: a phone drops a page that waits for a
 * password, and a page reloads itself when another tab signs in. `way` has to be had from before the session ended, since the key is gone then.
 */
export function leaveWords(account: string, words: readonly LeftWord[], way: Way): void {
  const mine = { account, words: left?.account === account ? [...left.words, ...words] : words }
  left = mine
  addEventListener('beforeunload', ask)
  const bytes = new TextEncoder().encode(JSON.stringify({ at: Date.now(), words: mine.words } satisfies Sealed))
  sealing = way
    .then(async (run) => {
      if (!run) return
      await run((box) => box.put(`${FOLDER}${crypto.randomUUID()}`, bytes))
      if (left === mine) forgetLeftWords()
    })
    .catch((error: unknown) => console.warn('What was typed could not be written down; it is in memory.', error))
}

/** What an account typed before its sessions ended; undefined when there is nothing. */
export async function readLeftWords(account: string, way: Way): Promise<LeftWords | undefined> {
  await sealing
  const run = await way
  const keys: string[] = []
  const sealed = await run?.(async (box) => {
    const found: Sealed[] = []
    for (const key of (await box.keys()).filter((one) => one.startsWith(FOLDER))) {
      keys.push(key)
      // What cannot be opened any more is lost already, and hides nothing else.
      const bytes = await box.get(key).catch((error: unknown) => console.warn('What was typed could not be read.', error))
      if (bytes) found.push(JSON.parse(new TextDecoder().decode(bytes)) as Sealed)
    }
    return found.toSorted((a, b) => a.at - b.at).flatMap((one) => one.words)
  })
  const words = [...(sealed ?? []), ...(left?.account === account ? left.words : [])]
  if (words.length === 0) return undefined
  const drop = async () => {
    forgetLeftWords()
    if (keys.length > 0) await run?.((box) => box.delete(keys))
  }
  return { words, drop }
}
