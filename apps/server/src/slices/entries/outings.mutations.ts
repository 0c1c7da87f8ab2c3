import { randomUUID } from 'node:crypto'
import { OUTING_FIELDS } from '@biologidex/core/entries/outing'
import { AppError } from '@biologidex/core/errors'
import type { Json } from '@biologidex/core/json'
import { mergeField } from '@biologidex/core/sync/merge'
import type { FieldChange, Mutation } from '@biologidex/core/sync/mutation'
import type { OutingsTable } from '../../db/tables.ts'
import type { Outcome, PushWork } from '../sync/push-work.ts'
import { showConflicts } from './conflicts.mutations.ts'
import { publishOuting } from './entries.feed.ts'
import { insertOuting, outingById, updateOuting } from './outings.store.ts'

type OutingField = keyof typeof OUTING_FIELDS

interface Change {
  readonly field: OutingField
  readonly was: Json | undefined
  readonly to: string | null
}

/** Checks every field before any is written. @throws AppError invalid_mutation naming the field */
function checked(set: Record<string, FieldChange>): Change[] {
  return Object.entries(set).map(([name, change]) => {
    if (!Object.hasOwn(OUTING_FIELDS, name)) throw new AppError('invalid_mutation', { field: name, why: 'no such field' })
    const field = name as OutingField
    if (!('to' in change)) throw new AppError('invalid_mutation', { field, why: 'a field changes from `was` to `to`' })
    const parsed = OUTING_FIELDS[field].safeParse(change.to)
    if (!parsed.success) throw new AppError('invalid_mutation', { field, why: parsed.error.issues[0]?.message })
    return { field, was: change.was, to: parsed.data }
  })
}

async function keep(work: PushWork, row: OutingsTable, isNew: boolean): Promise<void> {
  await (isNew ? insertOuting : updateOuting)(work.tx, row)
  publishOuting(work.feeds, row)
}

/** Brings a deleted outing back, with the clashes that waited with it. */
async function bringBack(work: PushWork, row: OutingsTable): Promise<void> {
  await keep(work, { ...row, deleted_at: null }, false)
  await showConflicts(work, row.id, true)
}

/** Creates or changes an outing, field by field (O4); one that was deleted elsewhere comes back (O5). */
async function write(work: PushWork, mutation: Mutation, existing: OutingsTable | undefined): Promise<Outcome> {
  const changes = checked(mutation.set ?? {})
  const blank = { owner_id: work.owner, id: mutation.id, name: null, note: null, created_at: work.desk.now, deleted_at: null }
  const row: OutingsTable = existing ? { ...existing, deleted_at: null } : blank
  const conflicts: string[] = []
  for (const { field, was, to } of changes) {
    const merged = mergeField(field, row[field], was, to)
    if (merged.kind === 'taken') row[field] = to || null
    if (merged.kind !== 'conflict') continue
    const { stands, lost } = merged
    const name = `outing/${row.id}/${field}`
    const kept = { id: randomUUID(), entry: row.id, field: name, lost, stands, device: work.device, at: work.desk.now }
    work.conflicts.push({ type: 'conflict', ...kept })
    conflicts.push(name)
  }
  await keep(work, row, !existing)
  const revived = existing !== undefined && existing.deleted_at !== null
  if (revived) await showConflicts(work, row.id, true)
  return { ...(revived ? { revived } : {}), ...(conflicts.length > 0 ? { conflicts } : {}) }
}

/** Entries keep the name of an outing that goes: with the outing itself, they are together again. */
async function remove(work: PushWork, row: OutingsTable): Promise<Outcome> {
  if (row.deleted_at !== null) return {}
  await keep(work, { ...row, deleted_at: work.desk.now }, false)
  await showConflicts(work, row.id, false)
  return {}
}

/** Carries out a mutation of type `outing`. @throws AppError when it can't be, having changed nothing */
export async function applyOutingMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const row = await outingById(work.tx.q, work.owner, mutation.id)
  if (!row && mutation.op !== 'create') throw new AppError('missing_target', { outing: mutation.id })
  if (row && mutation.op === 'delete') return remove(work, row)
  if (row && mutation.op === 'restore') {
    if (row.deleted_at !== null) await bringBack(work, row)
    return {}
  }
  return write(work, mutation, row)
}

/** The outing that an entry is to join. @throws AppError missing_target when there never was one */
export async function outingToJoin(work: PushWork, id: string): Promise<OutingsTable> {
  const row = await outingById(work.tx.q, work.owner, id)
  if (!row) throw new AppError('missing_target', { outing: id })
  return row
}

/** An outing that was deleted while an entry elsewhere joined it comes back (O5). */
export async function joined(work: PushWork, id: string): Promise<void> {
  const row = await outingById(work.tx.q, work.owner, id)
  if (row && row.deleted_at !== null) await bringBack(work, row)
}
