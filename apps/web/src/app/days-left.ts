import { LIMITS } from '@biologidex/core/limits'

const DAY_MS = 24 * 60 * 60 * 1000

/** Days for which it can still be brought back, today included; 0: it may go at any moment. */
export const daysLeft = (deleted: number, now: number): number =>
  Math.min(LIMITS.restoreDays, Math.max(0, Math.ceil(LIMITS.restoreDays - (now - deleted) / DAY_MS)))
