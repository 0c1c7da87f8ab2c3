import type { AdminAccount, DeviceSession, ResetLink, SessionView } from '@biologidex/core/accounts/account'
import type { AuditView } from '@biologidex/core/accounts/audit'
import { request } from '../../app/http.ts'

/** The devices that are signed in, the one used last first. Rejects with AppError or NoAnswer, as all of these. */
export async function listDevices(): Promise<readonly DeviceSession[]> {
  const { sessions } = (await request('GET', '/api/v2/sessions')) as { sessions: DeviceSession[] }
  return sessions
}

/** Ends a device's session. */
export async function endDevice(session: string): Promise<void> {
  await request('DELETE', `/api/v2/sessions/${session}`)
}

/** Ends every session of the account, this one too. */
export async function endAllDevices(): Promise<void> {
  await request('DELETE', '/api/v2/sessions')
}

/** Deletes the account and everything of it on the server. */
export async function deleteAccount(password: string): Promise<void> {
  await request('POST', '/api/v2/accounts/me/deletion', { password })
}

/** A page of the account's own log, latest first. */
export async function listAudit(before?: string): Promise<AuditView> {
  const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`
  return (await request('GET', `/api/v2/accounts/me/audit${query}`)) as AuditView
}

/** Another password; answers how many other devices were signed out. */
export async function changePassword(current: string, next: string): Promise<number> {
  const { ended } = (await request('POST', '/api/v2/accounts/me/password', { current, next })) as { ended: number }
  return ended
}

/** Sets a password with the secret of a reset link; answers whose it was. */
export async function resetPassword(token: string, password: string): Promise<string> {
  const { username } = (await request('POST', '/api/v2/password-resets', { token, password })) as { username: string }
  return username
}

/** Whether the person here is an admin of this server, as the server says. */
export async function askIsAdmin(): Promise<boolean> {
  const { account } = (await request('GET', '/api/v2/sessions/current')) as SessionView
  return account.role === 'admin'
}

export interface People {
  readonly accounts: readonly AdminAccount[]
  /** Asks for the next page; absent on the last. */
  readonly after?: string
}

/** The accounts of this server, by name, a page at a time. For admins. */
export async function listPeople(after?: string): Promise<People> {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
  return (await request('GET', `/api/v2/admin/accounts${query}`)) as People
}

/** A link that lets somebody in again; shown this once. For admins. */
export async function makeResetLink(account: string): Promise<ResetLink> {
  return (await request('POST', `/api/v2/admin/accounts/${account}/reset`)) as ResetLink
}

export async function sendAvatar(picture: Blob): Promise<void> {
  await request('PUT', '/api/v2/accounts/me/avatar', picture)
}

export async function removeAvatar(): Promise<void> {
  await request('DELETE', '/api/v2/accounts/me/avatar')
}
