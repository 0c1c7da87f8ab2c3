export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/**
 * JSON text with object keys sorted and undefined members left out: two values are the same for merging (O4) and for
 * repeats (O3) exactly when their canonical texts are.
 */
export function canonical(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

/** Equality for merging: absent, undefined and null are one value. */
export const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b)
