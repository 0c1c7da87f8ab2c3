import { randomUUID } from 'node:crypto'
import type { Settings } from '@biologidex/core/accounts/account'
import { AppError } from '@biologidex/core/errors'
import type { Json } from '@biologidex/core/json'
import { mergeField } from '@biologidex/core/sync/merge'
import { type FieldChange, type Mutation, SETTING_FIELDS, type SettingField } from '@biologidex/core/sync/mutation'
import type { AccountsTable } from '../../db/tables.ts'
import { changePlaces } from '../entries/reproject.service.ts'
import type { Outcome, PushWork } from '../sync/push-work.ts'
import { publishProfile } from './accounts.feed.ts'
import { accountById, updateAccount } from './accounts.store.ts'

interface Wanted {
  readonly field: SettingField
  readonly was: Json | undefined
  readonly to: Json
}

const isField = (name: string): name is SettingField => Object.hasOwn(SETTING_FIELDS, name)

/** Checks what a field is to become. @throws AppError invalid_mutation naming the field */
function checked([field, change]: [string, FieldChange]): Wanted {
  if (!isField(field)) throw new AppError('invalid_mutation', { field, why: 'no such field' })
  if (!('to' in change)) throw new AppError('invalid_mutation', { field, why: 'a field changes from `was` to `to`' })
  const parsed = SETTING_FIELDS[field].safeParse(change.to)
  if (!parsed.success)
    throw new AppError('invalid_mutation', { field, why: parsed.error.issues[0]?.message ?? 'not of its form' })
  return { field, was: change.was, to: parsed.data }
}

const settingsIn = (row: AccountsTable): Settings => JSON.parse(row.settings) as Settings

/** The same for each of the settings. */
function overSettings<T>(make: (field: keyof Settings) => T): Record<keyof Settings, T> {
  return {
    visibility: make('visibility'),
    friendsPrecision: make('friendsPrecision'),
    publicPrecision: make('publicPrecision'),
  }
}

const READ: Record<SettingField, (row: AccountsTable) => Json> = {
  displayName: (row) => row.display_name,
  bio: (row) => row.bio,
  ...overSettings((field) => (row) => settingsIn(row)[field]),
}

const WRITE: Record<SettingField, (row: AccountsTable, value: Json) => Partial<AccountsTable>> = {
  displayName: (_row, value) => ({ display_name: value as string }),
  bio: (_row, value) => ({ bio: (value as string | null) || null }),
  ...overSettings((field) => (row, value) => ({ settings: JSON.stringify({ ...settingsIn(row), [field]: value }) })),
}

/**
 * Carries out a mutation of type `setting`: the profile and defaults of the account, field by field (O4). A default touches
 * no entry that is there; a precision touches all that others see, in a job of its own (W3). What did not stand is kept like any other clash, under the account's own id.
 * @throws AppError when it can't be, having changed nothing
 */
export async function applySettingMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  if (mutation.op !== 'update') throw new AppError('invalid_mutation', { op: mutation.op })
  if (mutation.id !== work.owner) throw new AppError('missing_target', { setting: mutation.id })
  const wanted = Object.entries(mutation.set ?? {}).map(checked)
  let row = await accountById(work.tx.q, work.owner)
  if (!row) throw new AppError('missing_target', { setting: mutation.id })
  if (work.managed && wanted.some(({ field, to }) => field === 'visibility' && to === 'public')) {
    throw new AppError('managed_account', { field: 'visibility' })
  }
  const conflicts: string[] = []
  for (const { field, was, to } of wanted) {
    const merged = mergeField(field, READ[field](row), was, to)
    if (merged.kind === 'taken') row = { ...row, ...WRITE[field](row, merged.value) }
    if (merged.kind !== 'conflict') continue
    const { lost, stands } = merged
    const [id, at] = [randomUUID(), work.desk.now]
    work.conflicts.push({ type: 'conflict', id, entry: work.owner, field, lost, stands, device: work.device, at })
    conflicts.push(field)
  }
  const { display_name, bio, settings: text } = row
  await updateAccount(work.tx, work.owner, { display_name, bio, settings: text })
  const [before, after] = [work.settings, settingsIn(row)]
  work.settings = after
  publishProfile(work.feeds, row)
  if (before.visibility !== after.visibility) work.audited.add('visibility_changed')
  if (await changePlaces(work.tx, work.jobs, work.owner, before, after)) work.audited.add('places_changed')
  return conflicts.length > 0 ? { conflicts } : {}
}
