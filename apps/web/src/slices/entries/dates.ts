import { type DatePrecision, isLocalDate, type Observed, precisionOf } from '@biologidex/core/entries/observed'

const OPTIONS: Record<DatePrecision, Intl.DateTimeFormatOptions> = {
  minute: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  month: { year: 'numeric', month: 'long' },
  year: { year: 'numeric' },
}

/** Local dates are read as UTC and shown as UTC: they say what a watch showed, wherever the reader is. */
const asUtc = (at: string): Date => {
  const [year = '2000', month = '01', day = '01', hour = '00', minute = '00'] = at.split(/\D/)
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)))
}

/** An observation date in words, as precise as it is known. */
export function formatObserved({ at }: Observed, locale: string): string {
  return new Intl.DateTimeFormat(locale, { ...OPTIONS[precisionOf(at)], timeZone: 'UTC' }).format(asUtc(at))
}

/** The time of day of an observation that fell on the day of `now`; undefined for any other. */
export function timeToday({ at }: Observed, today: string, locale: string): string | undefined {
  if (precisionOf(at) !== 'minute' || at.slice(0, 10) !== today) return undefined
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(asUtc(at))
}

/** An observation date that fits a narrow line. */
export function formatShort({ at }: Observed, locale: string): string {
  const precision = precisionOf(at)
  const options: Intl.DateTimeFormatOptions =
    precision === 'minute' ? { dateStyle: 'medium', timeStyle: 'short' } : { ...OPTIONS[precision], weekday: undefined }
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(asUtc(at))
}

/** A moment on this device, for the history: day and month, the year too when it is not this one. */
export function formatMoment(at: number, now: number, locale: string): string {
  const date = new Date(at)
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...year }).format(date)
}

/** Likewise with the time, to tell two devices' versions apart. */
export function formatMomentExactly(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(at)
}

/** What the parts of a date editor say. */
export interface DateParts {
  readonly precision: DatePrecision
  readonly year: string
  readonly month: string
  readonly day: string
  /** `07:10` */
  readonly time: string
}

/** The parts to begin editing with: those of the date, today's where it is silent. */
export function partsOf(value: Observed | undefined, now: Observed): DateParts {
  const base = (value ?? now).at
  const fill = now.at
  const at = base + fill.slice(base.length)
  return {
    precision: value ? precisionOf(value.at) : 'day',
    year: at.slice(0, 4),
    month: at.slice(5, 7),
    day: at.slice(8, 10),
    time: at.slice(11, 16) || fill.slice(11, 16),
  }
}

/**
 * The date that the parts say; undefined when it is no date. The zone stays while day and time are the ones it was
 * known for: another moment may lie in another zone.
 */
export function joinParts(parts: DateParts, before: Observed | undefined): Observed | undefined {
  const { precision, year, month, day, time } = parts
  const whole = [year.padStart(4, '0'), `-${month.padStart(2, '0')}`, `-${day.padStart(2, '0')}`, `T${time}`]
  const at = whole.slice(0, ['year', 'month', 'day', 'minute'].indexOf(precision) + 1).join('')
  if (!isLocalDate(at)) return undefined
  return before?.zone !== undefined && before.at === at ? before : { at }
}
