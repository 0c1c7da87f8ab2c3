export type DatePrecision = 'minute' | 'day' | 'month' | 'year'

/** How precise a local date is: by its length (see `observed`). */
export function precisionOf(at: string): DatePrecision {
  if (at.length === 4) return 'year'
  if (at.length === 7) return 'month'
  return at.length === 10 ? 'day' : 'minute'
}
