import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  accountDeletion,
  adminAccount,
  deviceSession,
  passwordChange,
  passwordReset,
  profileItem,
  resetLink,
  sessionView,
  signInInput,
  signUpInput,
} from './accounts/account.ts'
import { auditView } from './accounts/audit.ts'
import { serverView } from './accounts/routes.ts'
import { animalItem, animalRef } from './animals/animal.ts'
import { conflictItem, historyView, ownEntry, sharedEntry, trashItem } from './entries/entry.ts'
import { OUTING_FIELDS, outingItem } from './entries/outing.ts'
import { AppError, ERRORS, errorFromProblem } from './errors.ts'
import { blockItem, FRIEND_FIELDS, friendItem, personView } from './friends/friend.ts'
import { wardDecision, wardInput, wardView } from './friends/guardian.ts'
import { PROTOCOL } from './protocol.ts'
import { ENTRY_FIELDS, IMAGE_FIELDS, mutation, mutationResult, SETTING_FIELDS } from './sync/mutation.ts'
import { chunk, end, hello, pullInput, pushInput, pushResults } from './sync/wire.ts'

/** Protocol version and the hash of everything that goes over the wire in it. A new schema: move the version, add a line. */
const HASHES: Record<number, string> = { 1: '62a29e64d6216c6d', 2: '882bb04bd19471b1', 3: '2e3840296067654e' }

test('the wire schemas are those of this protocol version', () => {
  const wire = [
    ...[
      serverView,
      signUpInput,
      signInInput,
      sessionView,
      profileItem,
      animalItem,
      animalRef,
      ownEntry,
      sharedEntry,
      conflictItem,
    ],
    ...[mutation, mutationResult, hello, chunk, end, pullInput, pushInput, pushResults],
    z.object(ENTRY_FIELDS),
    z.object(IMAGE_FIELDS),
    ...[outingItem, trashItem, historyView, z.object(OUTING_FIELDS), z.object(SETTING_FIELDS)],
    ...[deviceSession, passwordChange, passwordReset, resetLink, adminAccount, accountDeletion, auditView],
    ...[personView, friendItem, blockItem, z.object(FRIEND_FIELDS)],
    ...[wardView, wardInput, wardDecision],
  ]
  const text = JSON.stringify([wire.map((schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })), ERRORS])
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  expect({ [PROTOCOL]: hash }).toEqual({ [PROTOCOL]: HASHES[PROTOCOL] })
})

test('an error goes over the wire and comes back', () => {
  const error = new AppError('rate_limited', { seconds: 3 })
  expect(error.toProblem()).toMatchObject({ status: 429, code: 'rate_limited', type: 'urn:biologidex:error:rate_limited' })
  const back = errorFromProblem(JSON.parse(JSON.stringify(error.toProblem())))
  expect(back).toMatchObject({ code: 'rate_limited', message: error.message, details: { seconds: 3 } })
  for (const other of [null, 'text', {}, { code: 'no_such_code' }, { code: 7 }]) expect(errorFromProblem(other)).toBeUndefined()
})
