import { hash } from 'node:crypto'
import type { FeedHead } from './db.ts'

type Stand = Pick<FeedHead, 'epoch' | 'head' | 'closed'>

/** Where one feed stands; an epoch is one feed's alone. The databases write it too, in the same words (HotQueries.followedDigest). */
const standOf = ({ epoch, head, closed }: Stand): string => `${epoch}${head}${closed > 0 ? '.closed' : ''}`

/** @param stands of feeds one after another, each with commas between; nothing where there are none */
export const digestOfStands = (stands: readonly (string | null | undefined)[]): string =>
  hash('sha256', stands.filter(Boolean).join(), 'base64url').slice(0, 22)

/** One short text for where feeds stand: equal exactly when nothing of them moved, opened or closed (P1). */
export const digestOf = (heads: readonly Stand[]): string => digestOfStands(heads.map(standOf))
