import { type MessageId, t } from '../i18n.tsx'
import { type Counts, FACETS, type Facet, type Picks, VALUES } from './facets.ts'

const LABELS: Readonly<Record<Facet, MessageId>> = {
  class: 'wall.filter.class',
  year: 'wall.filter.year',
  outing: 'wall.filter.outing',
  visibility: 'wall.filter.visibility',
  favourite: 'wall.filter.only',
  uploaded: 'wall.filter.only',
  animal: 'wall.filter.only',
  captive: 'wall.filter.captive',
}

/** Choices of yes or no alone: they stand together under one heading. */
const ONLY: ReadonlySet<Facet> = new Set(['favourite', 'uploaded', 'animal'])

const VALUE_WORDS: Readonly<Record<string, MessageId>> = {
  'favourite yes': 'wall.filter.favourite',
  'uploaded no': 'wall.filter.uploaded',
  'animal none': 'wall.filter.animal',
  'captive yes': 'wall.filter.captive.yes',
  'captive no': 'wall.filter.captive.no',
  'visibility private': 'visibility.private',
  'visibility friends': 'visibility.friends',
  'visibility public': 'visibility.public',
}

/** A value of a facet in words. @param outing name of an outing by its id */
export function valueWords(facet: Facet, value: string, outing: (id: string) => string | undefined): string {
  if (facet === 'year') return value
  if (facet === 'outing') return outing(value) ?? t('wall.filter.outing.unnamed')
  if (facet === 'class') return t(`wall.class.${value}` as MessageId)
  return t(VALUE_WORDS[`${facet} ${value}`] ?? LABELS[facet])
}

/** One value to choose. `count`: how many entries choosing it would leave. */
export interface FilterOption {
  readonly facet: Facet
  readonly value: string
  readonly words: string
  readonly count: number
  readonly on: boolean
}

export interface FilterGroup {
  readonly key: string
  readonly label: string
  readonly options: readonly FilterOption[]
}

function valuesOf(facet: Facet, present: Counts, picks: Picks): string[] {
  const picked = picks[facet] ?? []
  const known = [...new Set([...present[facet].keys(), ...picked])]
  const listed = VALUES[facet]
  return known.sort((a, b) => (listed ? listed.indexOf(a) - listed.indexOf(b) : a < b ? 1 : -1))
}

/**
 * What can be chosen: values that this dex has or that are chosen. A facet with one value for all entries tells none apart and
 * is left out.
 * @param present counts of the whole dex @param counts of what the other choices leave
 */
export function filterGroups(
  present: Counts,
  counts: Counts,
  picks: Picks,
  outing: (id: string) => string | undefined,
): readonly FilterGroup[] {
  const groups = new Map<string, { key: string; label: string; options: FilterOption[] }>()
  for (const facet of FACETS) {
    const values = valuesOf(facet, present, picks)
    const picked = picks[facet] ?? []
    const telling = ONLY.has(facet) ? values.length > 0 : values.length > 1 || picked.length > 0
    if (!telling) continue
    const key = ONLY.has(facet) ? 'only' : facet
    const group = groups.get(key) ?? { key, label: t(LABELS[facet]), options: [] }
    groups.set(key, group)
    for (const value of values) {
      const words = valueWords(facet, value, outing)
      group.options.push({ facet, value, words, count: counts[facet].get(value) ?? 0, on: picked.includes(value) })
    }
  }
  return [...groups.values()]
}
