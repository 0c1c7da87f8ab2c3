import type { Observed } from '../entries/observed.ts'

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i
/** An offset whose `+` a careless encoding made a space. */
const SPACED = / (\d{2}(?::?\d{2})?)$/
const MINUTE = 60_000
const MOST_OFFSET = 14 * 60

/** A time as it was written: the instant, and where its day was. */
export interface WrittenTime {
  /** UTC milliseconds; without an offset, as if it were UTC. */
  readonly at: number
  /** Minutes east of UTC; undefined when none was said. */
  readonly zone: number | undefined
  /** What was written of it, without the offset: `2026-09-14T07:10`, or the day alone. */
  readonly local: string
}

function zoneOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text.toUpperCase() === 'Z') return 0
  const past = Number(text.slice(3).replace(':', '') || 0)
  if (past > 59) return Number.NaN
  const minutes = Number(text.slice(1, 3)) * 60 + past
  return text.startsWith('-') ? -minutes : minutes
}

/** Reads a time of ISO 8601 in its extended form; undefined for anything else, and for days and offsets that do not exist. */
export function readTime(text: string): WrittenTime | undefined {
  const match = FORM.exec(text.replace(SPACED, '+$1'))
  if (!match) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)))
  const zone = zoneOf(match[8])
  if (hour > 23 || minute > 59 || second > 59 || !(Math.abs(zone ?? 0) <= MOST_OFFSET)) return undefined
  const ms = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  date.setUTCHours(hour, minute, second, ms)
  const local = match[4] === undefined ? text.slice(0, 10) : text.slice(0, 16).toUpperCase()
  return { at: date.getTime() - (zone ?? 0) * MINUTE, zone, local }
}

/** A time without an offset may be of any place on earth. */
const ANYWHERE_MS = MOST_OFFSET * MINUTE

/** The earliest instant that a `last_sync` can mean; undefined when it is no time (V1). */
export function readLastSync(text: string): number | undefined {
  const time = readTime(text)
  return time && (time.zone === undefined ? time.at - ANYWHERE_MS : time.at)
}

const DAY = 86_400_000
let day = { starts: 0, text: '1970-01-01T' }
const digits = (value: number, length: number): string => String(value).padStart(length, '0')
const MINUTES = Array.from({ length: 1440 }, (_, at) => `${digits(Math.floor(at / 60), 2)}:${digits(at % 60, 2)}:`)
const SECONDS = Array.from({ length: 60 }, (_, at) => `${digits(at, 2)}.`)
const MILLISECONDS = Array.from({ length: 1000 }, (_, at) => `${digits(at, 3)}Z`)

/** An instant as v1 says it: as `toISOString` does, in a fraction of the time where many are of one day. */
export function toTime(at: number): string {
  if (at < day.starts || at >= day.starts + DAY) {
    const starts = Math.floor(at / DAY) * DAY
    day = { starts, text: new Date(starts).toISOString().slice(0, -13) }
  }
  const ms = Math.floor(at - day.starts)
  const seconds = SECONDS[Math.floor(ms / 1000) % 60] ?? ''
  return day.text + (MINUTES[Math.floor(ms / MINUTE)] ?? '') + seconds + (MILLISECONDS[ms % 1000] ?? '')
}

/** What a `catch_date` says, as an observation date: to the minute, or to the day. */
export function toObserved({ local, zone }: WrittenTime): Observed {
  return { at: local, ...(zone === undefined || local.length === 10 ? {} : { zone }) }
}

function zoneText(zone: number): string {
  const minutes = Math.abs(zone)
  return `:00${zone < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}`
}

const zones = new Map<number, string>()

/** An observation date as a `catch_date`: what is not known of it is its earliest, and UTC. */
export function toCatchDate({ at, zone = 0 }: Observed): string {
  const whole = at.length > 10 ? at : `${at}${'-01-01'.slice(at.length - 4)}T00:00`
  const known = zones.get(zone)
  if (known !== undefined) return whole + known
  // At most as many as there are minutes in 28 hours.
  const text = zoneText(zone)
  zones.set(zone, text)
  return whole + text
}
