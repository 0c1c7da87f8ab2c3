import { readerLocales } from './i18n.tsx'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size as the reader writes it, to about two digits: 1.2 MB. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const format = new Intl.NumberFormat(readerLocales(), {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    maximumSignificantDigits: 2,
  })
  return format.format(bytes / 1000 ** power)
}
