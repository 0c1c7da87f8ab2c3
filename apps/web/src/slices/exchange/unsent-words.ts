import { formatList } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import type { BroughtIn, LeftOut } from './exchange.actions.ts'

/** How much there is of something, in words: changes and photos, those there are. */
export function countWords(
  { changes, pictures }: { readonly changes: number; readonly pictures: number },
  write: (count: number) => string,
): string[] {
  return [
    ...(changes > 0 ? [t('exchange.changes', { count: changes, shown: write(changes) })] : []),
    ...(pictures > 0 ? [t('exchange.photos', { count: pictures, shown: write(pictures) })] : []),
  ]
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
