import { whenIdle } from '../ui/when-idle.ts'
import type { InBox } from './draft-box.ts'
import { forgetLeftWords, type LeftWord, type LeftWords, leaveWords, readLeftWords } from './left-words.ts'
import { untilFetched } from './not-fetched.ts'
import { sessions } from './session.tsx'
import { isForWords } from './typed-field.ts'

type Field = HTMLInputElement | HTMLTextAreaElement

interface Where extends Omit<LeftWord, 'text'> {
  /** What was typed counts for as long as this is on the page: a part of a form may go, and what it said is in the form still. */
  readonly within: HTMLElement
}

/** Fields that somebody typed into, in the dex that is open. */
const typed = new Map<Field, Where>()

/** Asked for as soon as anything is typed: when the session has ended nothing leads there any more. */
let way: Promise<InBox | undefined> | undefined

async function findWay(account: string): Promise<InBox | undefined> {
  try {
    return await (await untilFetched(() => import('./draft-box.ts'))).wayToDrafts(account)
  } catch (error) {
    console.warn('What is typed cannot be sealed here.', error)
    return undefined
  }
}

const textOf = (element: Element | null | undefined): string => element?.textContent.trim() ?? ''

/**
 * Where a field is, in the words on screen. What a form says of itself goes before: `data-saved` is `true` while all that it says lies on this
 * device, and without it a form is unsaved for as long as it is there.
 */
function whereIs(field: Field): Where {
  const sheet = field.closest<HTMLElement>('.sheet')
  const form = sheet ?? field.closest('section') ?? field.closest('main')
  return {
    page: textOf([...document.querySelectorAll('h1')].at(-1)),
    form: textOf(form?.querySelector('h1, h2')),
    field: textOf(field.labels?.[0]) || (field.getAttribute('aria-label') ?? ''),
    within: field.closest<HTMLElement>('[data-saved]') ?? sheet ?? field,
  }
}

function note(field: Field, account: string): void {
  for (const [one, { within }] of typed) if (!within.isConnected) typed.delete(one)
  typed.set(field, whereIs(field))
  way ??= findWay(account)
}

/**
 * What was typed and is not saved, each field once, as it was typed last. What a part of a form said that was left again is in it too:
 * rather too much than too little.
 */
function unsaved(): LeftWord[] {
  const found = new Map<string, LeftWord>()
  for (const [{ value }, { within, ...where }] of typed) {
    if (!within.isConnected || within.dataset.saved === 'true') continue
    const key = JSON.stringify(where)
    if (value.trim()) found.set(key, { ...where, text: value })
    else found.delete(key)
  }
  return [...found.values()]
}

/** Called as the session changes, while what was on screen still is. */
function follow(): void {
  const now = sessions.session
  if (now.kind === 'open') return
  if (now.kind === 'locked' && now.account !== undefined && way) {
    const words = unsaved()
    if (words.length > 0) leaveWords(now.account, words, way)
  }
  if (now.kind === 'none') forgetLeftWords()
  typed.clear()
  way = undefined
}

/**
 * Sees to it that what is half typed when a session ends by itself is there when its account signs in again (C1): in whichever form, by
 * reading the fields themselves.
 */
export function watchTyped(): void {
  const hear = ({ target }: Event) => {
    const now = sessions.session
    const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
    if (now.kind === 'open' && isField && isForWords(target)) note(target, now.account)
  }
  document.addEventListener('input', hear, { capture: true })
  sessions.subscribe(follow)
}

/** Looks, when nothing is more urgent, for what an account typed before its session ended; returns how to stop. */
export function lookForLeftWords(account: string, onFound: (left: LeftWords) => void): () => void {
  let isOver = false
  const look = async () => {
    const left = await readLeftWords(account, findWay(account))
    if (left && !isOver) onFound(left)
  }
  const stop = whenIdle(() => void look().catch((error: unknown) => console.warn('What was typed cannot be read.', error)))
  return () => {
    isOver = true
    stop()
  }
}
