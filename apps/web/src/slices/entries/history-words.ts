import type { Identification, RevisionChange } from '@biologidex/core/entries/entry'
import type { Json } from '@biologidex/core/json'
import type { Mutation } from '@biologidex/core/sync/mutation'
import { type MessageId, t } from '../../app/i18n.tsx'
import type { Dex } from '../../app/session-store.ts'
import { fieldWords, valueWords } from '../../app/tray/value-words.ts'

type Names = Pick<Dex, 'animal' | 'outings'>

const DEEDS: Readonly<Record<string, MessageId>> = {
  create: 'history.create',
  delete: 'history.delete',
  restore: 'history.restore',
  revive: 'history.revive',
}

const isUnset = (value: Json | undefined): boolean => value === undefined || value === null || value === false || value === ''

/** What was said of the animal, one line for each statement that came or went. */
function said(was: Json, to: Json, names: Names): string[] {
  const [before, after] = [was, to].map((list) => (Array.isArray(list) ? (list as unknown as Identification[]) : []))
  const name = (one: Identification): string =>
    one.animal ? valueWords('animal', one.animal, names) : (one.text ?? t('entry.unnamed'))
  const came = after?.filter(({ id }) => !before?.some((one) => one.id === id)) ?? []
  const went = before?.filter(({ id }) => !after?.some((one) => one.id === id)) ?? []
  return [
    ...came.map((one) => t('history.named', { name: name(one), by: one.by })),
    ...went.map((one) => t('history.unnamed', { name: name(one) })),
  ]
}

function picture(part: string | undefined, was: Json, to: Json): string {
  if (part === 'alt') return isUnset(to) ? t('history.alt.none') : t('history.alt', { text: String(to) })
  if (part) return t('history.order')
  return t(isUnset(was) ? 'history.picture.came' : isUnset(to) ? 'history.picture.went' : 'history.order')
}

function field(name: string, was: Json, to: Json, names: Names): string[] {
  const [kind, , part] = name.split('/')
  if (kind === 'image') return [picture(part, was, to)]
  if (name === 'identifications') return said(was, to, names)
  if (name === 'captive') return [t(to === true ? 'history.captive' : 'history.wild')]
  if (name === 'favourite') return [t(to === true ? 'history.favourite' : 'history.favourite.none')]
  const values = { field: fieldWords(name), was: valueWords(name, was, names), to: valueWords(name, to, names) }
  if (name === 'visibility' && isUnset(was)) return [t('history.seenBy', values)]
  if (isUnset(was)) return [t('history.set', values)]
  return [t(isUnset(to) ? 'history.cleared' : 'history.changed', values)]
}

/** One revision in plain words, a line for each thing that changed. */
export function revisionWords(changes: readonly RevisionChange[], names: Names): string[] {
  // That the animal became what was just said of it goes without saying.
  const isNamed = changes.some((change) => 'field' in change && change.field === 'identifications')
  const isNew = changes.some((change) => 'op' in change && change.op === 'create')
  return changes.flatMap((change) => {
    if ('op' in change) return [t(DEEDS[change.op] ?? 'history.other')]
    const { was, to } = change
    if ((change.field === 'animal' && isNamed && to !== null) || (isNew && isUnset(to))) return []
    return field(change.field, was, to, names)
  })
}

/** A change that is not on the server yet, in the same words. */
export function pendingWords({ type, id, op, set = {} }: Mutation, names: Names): string[] {
  if (type === 'image' && op !== 'update') {
    return [t(op === 'delete' ? 'history.picture.went' : 'history.picture.came')]
  }
  const fields = Object.entries(set).map(([name, change]): RevisionChange => {
    const full = type === 'image' ? `image/${id}/${name}` : name
    if ('to' in change) return { field: full, was: change.was ?? null, to: change.to }
    return { field: full, was: [], to: change.add ?? [] }
  })
  return revisionWords(op === 'update' ? fields : [{ op }, ...fields], names)
}
