const TINTS = ['heather', 'lake', 'bracken'] as const
export type Tint = (typeof TINTS)[number]

/** The tint of somebody's dex: the same on every screen and device. @param id of the account */
export function tintOf(id: string): Tint {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return TINTS[sum % TINTS.length] ?? 'lake'
}
