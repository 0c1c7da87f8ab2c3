import { cryptoRandom } from '@biologidex/client/adapters/system'
import type { Draft } from '@biologidex/client/face'
import { AppError } from '@biologidex/core/errors'
import { CODE_LENGTH, CODE_LETTERS, foldCode, type PersonView } from '@biologidex/core/friends/friend'
import { request } from '../../app/http.ts'

const random = cryptoRandom()

/** A friend code as it was typed, in any spacing and case, as the server knows it; undefined when it can be none. */
export function codeOf(typed: string): string | undefined {
  const code = foldCode(typed)
  return code.length === CODE_LENGTH && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : undefined
}

/** A code as people read it out: two groups of four. */
export const spacedCode = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`

/** Asks whoever has the code; who that is the server finds out. */
export const askByCode = (code: string): Draft => ({
  type: 'friend',
  id: random.uuid(),
  op: 'create',
  set: { code: { to: code } },
})
export const askDraft = (id: string): Draft => ({ type: 'friend', id, op: 'create' })
export const acceptDraft = (id: string): Draft => ({ type: 'friend', id, op: 'update', set: { state: { to: 'friends' } } })
/** Takes back a request by code that has not gone up yet: whom it is for is not known here. */
export const takeBackDraft = (id: string, code: string): Draft => ({
  type: 'friend',
  id,
  op: 'delete',
  set: { code: { to: code } },
})
/** Withdraws, declines or unfriends. */
export const endDraft = (id: string): Draft => ({ type: 'friend', id, op: 'delete' })
export const blockDraft = (id: string): Draft => ({ type: 'block', id, op: 'create' })
export const unblockDraft = (id: string): Draft => ({ type: 'block', id, op: 'delete' })

/**
 * Who has a code: `nobody` when the server says so, undefined when it cannot be asked now. Blocked and unknown are alike.
 */
export async function whoHas(code: string): Promise<PersonView | 'nobody' | undefined> {
  try {
    return (await request('GET', `/api/v2/people/by-code/${code}`)) as PersonView
  } catch (error) {
    return error instanceof AppError && error.code === 'not_found' ? 'nobody' : undefined
  }
}
