import { setupI18n } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { Fragment, type ReactNode } from 'react'
import { en } from './messages/en.ts'

/** Every sentence of the app, by id. */
export type MessageId = keyof typeof en

export type MessageValues = Readonly<Record<string, string | number>>

const i18n = setupI18n({ locale: 'en', locales: readerLocales(), messages: { en: {} } })
const loaded = new Set<MessageId>()

/** Compiles a sentence when it is first said: no start waits for all of them. No code is made from text (strict CSP). */
function load(id: MessageId): void {
  const text: string = en[id]
  i18n.load('en', { [id]: /[{']/.test(text) ? compileMessage(text) : [text] })
  loaded.add(id)
}

/** The reader's own locales for dates, numbers and lists, best first. The words' language may be another. */
export function readerLocales(): string[] {
  return typeof navigator === 'undefined' || navigator.languages.length === 0 ? ['en'] : [...navigator.languages]
}

/** Two-letter language of the reader, for names of animals. */
export const readerLanguage = (): string => readerLocales()[0]?.slice(0, 2).toLowerCase() ?? 'en'

/** A sentence by id, with values put in (ICU: plural, select, number). Date and time are formatted before: `format.ts`. */
export function t(id: MessageId, values?: MessageValues): string {
  if (!loaded.has(id)) load(id)
  return i18n._(id, values)
}

const TAG = /<(\w+)>(.*?)<\/\1>/s
const SLOT = /([\uE000-\uF8FF])/

/** Replaces the markers of `withSlots` by what they stand for. */
function fill(text: string, slots: readonly ReactNode[]): ReactNode[] {
  return text.split(SLOT).map((part, at) => {
    const slot = part.length === 1 && SLOT.test(part) ? slots[part.charCodeAt(0) - 0xe000] : part
    return <Fragment key={at}>{slot}</Fragment>
  })
}

/** Takes values that are not plain out of the text, so that nothing in them is read as a tag. */
function withSlots(values: Readonly<Record<string, ReactNode>>): { plain: MessageValues; slots: ReactNode[] } {
  const slots: ReactNode[] = []
  const plain: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' || (typeof value === 'string' && !value.includes('<'))) plain[name] = value
    else plain[name] = String.fromCharCode(0xe000 + slots.push(value) - 1)
  }
  return { plain, slots }
}

function dress(text: string, slots: readonly ReactNode[], tags: Tags): ReactNode[] {
  const match = TAG.exec(text)
  if (!match) return fill(text, slots)
  const [whole, tag = '', inner = ''] = match
  const make = tags[tag] ?? ((children: ReactNode) => children)
  return [
    ...fill(text.slice(0, match.index), slots),
    <Fragment key={`<${match.index}`}>{make(fill(inner, slots))}</Fragment>,
    <Fragment key={`>${match.index}`}>{dress(text.slice(match.index + whole.length), slots, tags)}</Fragment>,
  ]
}

type Tags = Readonly<Record<string, (children: ReactNode) => ReactNode>>

const TAGS: Tags = {
  b: (children) => <b className="n">{children}</b>,
  i: (children) => <i>{children}</i>,
  soft: (children) => <span className="soft">{children}</span>,
}

/**
 * A sentence with marked parts, `<b>{count}</b> on the server`: `b`, `i` and `soft` are known, `tags` adds others (a link).
 * Values may be elements. No HTML is ever read: a tag is only a name.
 */
export function T(props: { id: MessageId; values?: Readonly<Record<string, ReactNode>>; tags?: Tags }): ReactNode {
  const { plain, slots } = withSlots(props.values ?? {})
  return dress(t(props.id, plain), slots, props.tags ? { ...TAGS, ...props.tags } : TAGS)
}
