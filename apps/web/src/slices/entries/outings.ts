import type { Draft } from '@biologidex/client/face'
import type { Observed } from '@biologidex/core/entries/observed'
import type { EntryOnScreen, OutingOnScreen } from '@biologidex/core/sync/overlay'

/** Which outing a sighting is given to: none, one that is there, or one that is being begun. */
export type OutingChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly id: string }
  /** `also`: an earlier sighting that joins it too. */
  | { readonly kind: 'new'; readonly name: string; readonly also?: EntryOnScreen }

export const NO_OUTING: OutingChoice = { kind: 'none' }

type Entries = ReadonlyMap<string, EntryOnScreen>
type Outings = ReadonlyMap<string, OutingOnScreen>

/** The outing that an entry is in; one that was deleted is none. */
export function choiceOfEntry({ outing }: Pick<EntryOnScreen, 'outing'>, outings: Outings): OutingChoice {
  return outing && outings.has(outing) ? { kind: 'known', id: outing } : NO_OUTING
}

export interface OutingUse {
  readonly outing: OutingOnScreen
  readonly entries: readonly EntryOnScreen[]
  /** When it was last added to, in UTC milliseconds. */
  readonly latest: number
}

/** The outings with what is in them, the one used last first. */
export function recentOutings(outings: Outings, entries: Entries): OutingUse[] {
  const within = new Map<string, EntryOnScreen[]>()
  for (const entry of entries.values()) {
    if (!entry.outing || !outings.has(entry.outing)) continue
    const list = within.get(entry.outing) ?? []
    list.push(entry)
    within.set(entry.outing, list)
  }
  const uses = Array.from(outings.values(), (outing): OutingUse => {
    const own = within.get(outing.id) ?? []
    return { outing, entries: own, latest: Math.max(outing.created, ...own.map(({ created }) => created)) }
  })
  return uses.sort((a, b) => b.latest - a.latest || (a.outing.id < b.outing.id ? -1 : 1))
}

const whenSeen = ({ observed, created }: EntryOnScreen): string => observed?.at ?? new Date(created).toISOString().slice(0, 16)

/** The other sightings of an entry's outing, in the order of seeing. */
export function othersOf(entry: EntryOnScreen, entries: Entries): EntryOnScreen[] {
  const others = [...entries.values()].filter(({ id, outing }) => outing === entry.outing && id !== entry.id)
  return others.sort((a, b) => (whenSeen(a) < whenSeen(b) ? -1 : 1))
}

/** The date that an outing without a name goes by: that of its earliest sighting, else of its own making. */
export function dateOf(outing: OutingOnScreen, entries: readonly EntryOnScreen[]): Observed {
  const days = entries.map((entry) => whenSeen(entry).slice(0, 10)).sort()
  return { at: days[0] ?? new Date(outing.created).toISOString().slice(0, 10) }
}

/** How far apart two sightings of one outing may be for it to be suggested, in milliseconds. */
const NEAR_MS = 3 * 60 * 60 * 1000

/** The instant of an observation to the minute, by its own zone or this device's; undefined when it is coarser. */
function instantOf({ at, zone }: Observed): number | undefined {
  if (at.length < 16) return undefined
  return zone === undefined ? new Date(at).getTime() : Date.parse(`${at}Z`) - zone * 60_000
}

/**
 * The sighting nearest in time to one that is being kept, if it lies within three hours: the two may well be of one outing.
 * @param now UTC milliseconds: what counts where nobody says when it was seen
 */
export function sightingNear(entries: Entries, observed: Observed | undefined, now: number): EntryOnScreen | undefined {
  const at = observed ? instantOf(observed) : now
  if (at === undefined) return undefined
  let [best, distance]: [EntryOnScreen | undefined, number] = [undefined, NEAR_MS]
  for (const entry of entries.values()) {
    const seen = entry.observed ? instantOf(entry.observed) : entry.created
    const apart = seen === undefined ? Number.POSITIVE_INFINITY : Math.abs(seen - at)
    const nearer = apart < distance || (apart === distance && entry.created > (best?.created ?? 0))
    if (nearer) [best, distance] = [entry, apart]
  }
  return best
}

const to = (value: string) => ({ to: value })

/** What a choice means: changes that come before the entry's own, and the outing that it then names. `id`: of one to be made. */
export function outingDrafts(choice: OutingChoice, id: string): { readonly before: Draft[]; readonly outing: string | null } {
  if (choice.kind === 'none') return { before: [], outing: null }
  if (choice.kind === 'known') return { before: [], outing: choice.id }
  const name = choice.name.trim()
  const making: Draft = { type: 'outing', id, op: 'create', set: name ? { name: to(name) } : {} }
  const { also } = choice
  const joining: Draft[] = also
    ? [{ type: 'entry', id: also.id, op: 'update', set: { outing: { was: also.outing ?? null, to: id } } }]
    : []
  return { before: [making, ...joining], outing: id }
}

/** The change of an outing's own words; undefined when they are what they were. */
export function outingEdit(seen: OutingOnScreen, edit: { readonly name: string; readonly note: string }): Draft | undefined {
  const set: NonNullable<Draft['set']> = {}
  for (const field of ['name', 'note'] as const) {
    const [was, now] = [seen[field] ?? null, edit[field].trim() || null]
    if (was !== now) set[field] = { was, to: now }
  }
  return Object.keys(set).length > 0 ? { type: 'outing', id: seen.id, op: 'update', set } : undefined
}
