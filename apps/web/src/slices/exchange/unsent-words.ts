import { t } from '../../app/i18n.tsx'

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
