import { z } from 'zod'

export { type DatePrecision, precisionOf } from './date-precision.ts'

const PATTERN = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?)?$/

/** True when the text is a real local date of one of the four precisions; 31 February is not. */
export function isLocalDate(text: string): boolean {
  const match = PATTERN.exec(text)
  if (!match) return false
  const [year, month, day, hour, minute] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)))
  if (month !== undefined && (month < 1 || month > 12)) return false
  if (day !== undefined && (day < 1 || day > new Date(Date.UTC(year ?? 0, month ?? 1, 0)).getUTCDate())) return false
  return (hour ?? 0) < 24 && (minute ?? 0) < 60
}

/**
 * An observation date: what the person saw on their watch. `at` is local and as long as it is precise: `2026`,
 * `2026-09`, `2026-09-14` or `2026-09-14T07:10`. `zone` is the offset from UTC in minutes, east positive, if known.
 */
export const observed = z.object({
  at: z.string().refine(isLocalDate, 'a local date: 2026, 2026-09, 2026-09-14 or 2026-09-14T07:10'),
  zone: z
    .int()
    .min(-14 * 60)
    .max(14 * 60)
    .optional(),
})
export type Observed = z.infer<typeof observed>

/** The same date, no finer than the day: what goes with an obscured place. The offset goes too, it tells where. */
export function toDay(value: Observed): Observed {
  return { at: value.at.slice(0, 10) }
}
