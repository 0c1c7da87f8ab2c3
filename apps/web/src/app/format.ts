import { precisionOf } from '@biologidex/core/entries/date-precision'
import type { Observed } from '@biologidex/core/entries/observed'
import { readerLocales, t } from './i18n.tsx'

const locales = readerLocales()
const numbers = new Intl.NumberFormat(locales)
const clock = new Intl.DateTimeFormat(locales, { timeStyle: 'short' })
const dayAndClock = new Intl.DateTimeFormat(locales, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })

const lists = new Intl.ListFormat(locales, { type: 'unit', style: 'long' })

/** Several things in a row: birds, 2026. */
export const formatList = (parts: readonly string[]): string => lists.format(parts)

/** A count as the reader writes it: 1,040. */
export const formatCount = (count: number): string => numbers.format(count)

/** An instant today as a time, an earlier one with its day. */
export function formatInstant(instant: number, now = Date.now()): string {
  const date = new Date(instant)
  return (date.toDateString() === new Date(now).toDateString() ? clock : dayAndClock).format(date)
}

/** Four digits at least, as plates show them: 0042. */
export const padNumber = (number: number): string => String(number).padStart(4, '0')

/** `No. 0042`, or `No. —` until the server has numbered it. */
export const formatNumber = (number: number | undefined): string =>
  number === undefined ? t('number.none') : t('number.known', { number: padNumber(number) })

const STYLES = {
  minute: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
const SHORT = {
  minute: { day: 'numeric', month: 'short', year: 'numeric' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
const made = new Map<string, Intl.DateTimeFormat>()

/** An observation date in the reader's words, as precise as it is: what the watch said there, whatever zone this is. */
export function formatObserved(observed: Observed, length: 'long' | 'short' = 'long'): string {
  const precision = precisionOf(observed.at)
  const key = `${length} ${precision}`
  const style = (length === 'long' ? STYLES : SHORT)[precision]
  const format = made.get(key) ?? new Intl.DateTimeFormat(locales, { ...style, timeZone: 'UTC' })
  made.set(key, format)
  const full = `${observed.at}${'0000-01-01T00:00'.slice(observed.at.length)}Z`
  return format.format(new Date(full))
}
