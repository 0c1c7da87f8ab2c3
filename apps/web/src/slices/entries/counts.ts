import { LIMITS } from '@biologidex/core/limits'

/** The count that was typed; null for none, undefined for what is no count. */
export function countOf(text: string): number | null | undefined {
  const typed = text.trim()
  if (!typed) return null
  const count = /^\d+$/.test(typed) ? Number(typed) : 0
  return count >= 1 && count <= LIMITS.count ? count : undefined
}

/** One fewer, or one more; below one there is no count, and what is no number stays as it was typed. */
export function stepCount(text: string, by: 1 | -1): string {
  const count = countOf(text)
  if (count === undefined) return text
  const next = (count ?? 0) + by
  return next < 1 ? '' : String(Math.min(next, LIMITS.count))
}
