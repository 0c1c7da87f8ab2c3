import type { WardInput, WardView } from '@biologidex/core/friends/guardian'
import { request } from '../../app/http.ts'

/** The managed accounts that one decides for, with what waits. Rejects with AppError or NoAnswer, as all of these. */
export async function listWards(): Promise<readonly WardView[]> {
  const { wards } = (await request('GET', '/api/v2/wards')) as { wards: WardView[] }
  return wards
}

/** Makes a managed account. */
export async function makeWard(input: WardInput): Promise<void> {
  await request('POST', '/api/v2/wards', input)
}

/** Says yes or no to a friendship that a managed account wants. */
export async function decideFriend(ward: string, person: string, allow: boolean): Promise<void> {
  await request('POST', `/api/v2/wards/${ward}/friends/${person}`, { allow })
}
