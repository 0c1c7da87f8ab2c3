import { type DatePrecision, isLocalDate, type Observed, precisionOf } from '@biologidex/core/entries/observed'

/** What the parts of a date editor say, as they are typed. */
export interface DateParts {
  readonly precision: DatePrecision
  readonly year: string
  readonly month: string
  readonly day: string
  /** `07:10` */
  readonly time: string
}

/** From coarse to fine: the order in which a local date is written. */
const WRITTEN = ['year', 'month', 'day', 'minute'] as const

/** The parts to begin editing with: those of the date, and this moment's where it is silent. */
export function partsOf(value: Observed | undefined, now: Observed): DateParts {
  const known = value?.at ?? ''
  const at = known + now.at.slice(known.length)
  return {
    precision: value ? precisionOf(value.at) : 'day',
    year: at.slice(0, 4),
    month: at.slice(5, 7),
    day: at.slice(8, 10),
    time: at.slice(11, 16),
  }
}

/**
 * The date that the parts say; undefined when it is none. The offset from UTC was known for one moment and stays with
 * that only: another moment may lie in another zone.
 */
export function joinParts(parts: DateParts, before: Observed | undefined): Observed | undefined {
  const { precision, year, month, day, time } = parts
  const written = [year, `-${month.padStart(2, '0')}`, `-${day.padStart(2, '0')}`, `T${time}`]
  const at = written.slice(0, WRITTEN.indexOf(precision) + 1).join('')
  if (!isLocalDate(at) || year === '0000') return undefined
  return before?.at === at ? before : { at }
}

/** The local dates are read and shown as UTC: they say what a watch showed, wherever the reader is. */
const asUtc = ({ at }: Observed): Date => new Date(`${at}${'0000-01-01T00:00'.slice(at.length)}Z`)
const MINUTES = { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' } as const

/** The time of day alone; undefined when the date is not that precise. */
export function formatTime(observed: Observed, locales: string[]): string | undefined {
  if (precisionOf(observed.at) !== 'minute') return undefined
  return new Intl.DateTimeFormat(locales, MINUTES).format(asUtc(observed))
}

/** True when an observation fell on the day of `now`. */
export const isSameDay = (observed: Observed, now: Observed): boolean =>
  observed.at.length >= 10 && observed.at.slice(0, 10) === now.at.slice(0, 10)
