import { z } from 'zod'
import { instant } from '../ids.ts'

/** What is noted of an account for its owner to read (privacy.md: Audit log); never a title, a name or a place. */
export const AUDITED = [
  'sign_up',
  'sign_in',
  'sign_out',
  'session_end',
  'sessions_end',
  'password_change',
  'password_reset',
  'reset_link',
  'reset_link_for_other',
  'friend_asked',
  'friend_accepted',
  'friend_ended',
  'friend_blocked',
  'friend_unblocked',
  'visibility_changed',
  'places_changed',
  'ward_made',
  'ward_friend_allowed',
  'ward_friend_refused',
] as const
export type Audited = (typeof AUDITED)[number]

/**
 * One line of the log. `what` is one of `AUDITED`, or of a later version: a reader shows what it does not know by its name.
 * `address`: the network address it came from; absent when the host did it. A push is noted once for each kind of change in it.
 */
export const auditEvent = z.object({ at: instant, what: z.string(), address: z.string().optional() })
export type AuditEvent = z.infer<typeof auditEvent>

/** A page of one's own log, latest first; `before` asks for the next page, absent on the last. */
export const auditView = z.object({ events: z.array(auditEvent), before: z.string().optional() })
export type AuditView = z.infer<typeof auditView>
