import { formatList } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import type { BroughtIn, LeftOut } from './exchange.actions.ts'

/** How much there is. `binned`: photos that were removed before they went up; `begun`: photos of a capture that is not kept. */
interface Counts {
  readonly changes: number
  readonly pictures: number
  readonly binned?: number
  readonly begun?: number
}

/** How much there is of something, in words: changes and photos, those there are. */
export function countWords({ changes, pictures, binned = 0, begun = 0 }: Counts, write: (count: number) => string): string[] {
  const say = (id: 'changes' | 'photos' | 'binned' | 'begun', count: number) =>
    count > 0 ? [t(`exchange.${id}`, { count, shown: write(count) })] : []
  return [...say('changes', changes), ...say('photos', pictures), ...say('binned', binned), ...say('begun', begun)]
}

/** What was left out of a file, a sentence for each reason. */
function leftWords({ unknown, unfit, pictures }: LeftOut, write: (count: number) => string): string[] {
  const say = (id: 'unknown' | 'unfit' | 'photos', count: number) =>
    count > 0 ? [t(`exchange.left.${id}`, { count, shown: write(count) })] : []
  return [...say('unknown', unknown), ...say('unfit', unfit), ...say('photos', pictures)]
}

/** What came of bringing a file in, in sentences. */
export function broughtWords(brought: BroughtIn, write: (count: number) => string): string[] {
  if (brought.kind === 'refused') return [brought.why]
  const what = countWords(brought, write)
  const left = leftWords(brought.left, write)
  if (what.length > 0) return [t('exchange.taken', { what: formatList(what) }), ...left]
  return [t(left.length > 0 ? 'exchange.nothingTaken' : 'exchange.nothingNew'), ...left]
}
