import { randomUUID } from 'node:crypto'
import type { AnimalRef } from '@biologidex/core/animals/animal'
import type { Identification } from '@biologidex/core/entries/entry'
import { AppError } from '@biologidex/core/errors'
import type { Json } from '@biologidex/core/json'
import { LIMITS } from '@biologidex/core/limits'
import { mergeField, mergeList } from '@biologidex/core/sync/merge'
import { ENTRY_FIELDS, ENTRY_LISTS, type EntryField, type FieldChange, type Mutation } from '@biologidex/core/sync/mutation'
import type { EntriesTable } from '../../db/tables.ts'
import { resolveAnimal } from '../animals/animals.service.ts'
import type { Outcome, PushWork } from '../sync/push-work.ts'
import { showConflicts } from './conflicts.mutations.ts'
import { withdrawTrash } from './entries.feed.ts'
import { FIELDS } from './entries.fields.ts'
import type { RevisionChange } from './entry-desk.ts'
import { joined, outingToJoin } from './outings.mutations.ts'
import { RESTORE_MS } from './purge.service.ts'

interface Draft {
  readonly row: EntriesTable
  readonly changes: RevisionChange[]
  readonly clashes: { field: string; lost: Json; stands: Json }[]
}

const isField = (name: string): name is EntryField => Object.hasOwn(ENTRY_FIELDS, name)

/** Checks what a field is to become. @throws AppError invalid_mutation naming the field */
function checked(field: EntryField, change: FieldChange): { was: Json | undefined; to: Json } {
  if (!('to' in change)) throw new AppError('invalid_mutation', { field, why: 'a field changes from `was` to `to`' })
  const parsed = ENTRY_FIELDS[field].safeParse(change.to)
  if (!parsed.success)
    throw new AppError('invalid_mutation', { field, why: parsed.error.issues[0]?.message ?? 'not of its form' })
  return { was: change.was, to: parsed.data }
}

/** Reads what a device says an animal was; what is no reference at all was nothing. */
function asRef(value: Json | undefined): AnimalRef | null {
  const parsed = ENTRY_FIELDS.animal.safeParse(value ?? null)
  return parsed.success ? parsed.data : null
}

/** The common name that was typed with an animal, as an entry keeps it. */
const calledIn = (ref: AnimalRef | null): string | null =>
  ref && 'commonName' in ref && ref.commonName ? JSON.stringify({ [ref.language ?? 'en']: [ref.commonName] }) : null

function call({ row }: Draft, called: string | null): void {
  if (called === null) return
  row.called = called
  row.called_animal = row.animal_id
}

/** The entry is of that animal already, and somebody says what it is called: taken from who saw so (O4). */
function callAnew(draft: Draft, called: string | null, wasId: Json | undefined, to: Json): void {
  const { animal_id: animal } = draft.row
  const before = draft.row.called_animal === animal ? draft.row.called : null
  if (called === null || called === before) return
  if (before !== null && wasId !== animal) {
    draft.clashes.push({ field: 'animal', lost: to, stands: { id: animal } })
    return
  }
  call(draft, called)
  draft.changes.push({ field: 'animal', was: animal, to: animal })
}

/** The animal by name or id: compared by the record that both sides mean, made only when the change is taken. */
async function mergeAnimalField(work: PushWork, draft: Draft, change: FieldChange): Promise<void> {
  const { was, to } = checked('animal', change)
  const wasRef = asRef(was)
  const wasId = wasRef && ('id' in wasRef ? wasRef.id : await resolveAnimal(work.tx, wasRef, false))
  const toRef = to as AnimalRef | null
  const known = toRef && (await resolveAnimal(work.tx, toRef, false))
  const merged = mergeField('animal', draft.row.animal_id, wasId, toRef && (known ?? 'not known yet'))
  const called = calledIn(toRef)
  if (merged.kind === 'same') return callAnew(draft, called, wasId, to)
  if (merged.kind === 'conflict') {
    const stands = draft.row.animal_id ? { id: draft.row.animal_id } : null
    draft.clashes.push({ field: 'animal', lost: known && !called ? { id: known } : to, stands })
    return
  }
  const next = toRef && (known ?? (await resolveAnimal(work.tx, toRef, true)))
  draft.changes.push({ field: 'animal', was: draft.row.animal_id, to: next })
  draft.row.animal_id = next
  call(draft, called)
}

function mergePlainField({ tx }: PushWork, draft: Draft, field: EntryField, change: FieldChange): void {
  const { was, to } = checked(field, change)
  const current = FIELDS[field].get(draft.row)
  const merged = mergeField(field, current, was, to)
  if (merged.kind === 'conflict') draft.clashes.push({ field, lost: merged.lost, stands: merged.stands })
  if (merged.kind !== 'taken') return
  FIELDS[field].set(draft.row, merged.value, tx.random)
  draft.changes.push({ field, was: current, to: merged.value })
}

/** An outing by its id, which has to be one of the owner's. */
async function mergeOutingField(work: PushWork, draft: Draft, change: FieldChange): Promise<void> {
  const { to } = checked('outing', change)
  if (to) await outingToJoin(work, to as string)
  mergePlainField(work, draft, 'outing', change)
}

function mergeIdentifications(draft: Draft, change: FieldChange): void {
  const field = 'identifications'
  if ('to' in change) throw new AppError('invalid_mutation', { field, why: 'a list changes by `add` and `remove`' })
  const added = ENTRY_LISTS.identifications.array().safeParse(change.add ?? [])
  if (!added.success)
    throw new AppError('invalid_mutation', { field, why: added.error.issues[0]?.message ?? 'not of its form' })
  const before = JSON.parse(draft.row.identifications) as Identification[]
  const after = mergeList(before, added.data, change.remove)
  if (after.length > LIMITS.identificationsPerEntry) {
    throw new AppError('invalid_mutation', { field, why: `at most ${LIMITS.identificationsPerEntry}` })
  }
  const was = draft.row.identifications
  draft.row.identifications = JSON.stringify(after)
  if (was !== draft.row.identifications) draft.changes.push({ field, was: before as Json, to: after as Json })
}

async function mergeFields(work: PushWork, draft: Draft, set: Mutation['set'], fixed: ReadonlySet<string>): Promise<void> {
  // The animal last: a name that nobody knew becomes a record, which a later failure of this mutation would leave behind.
  const fields = Object.entries(set ?? {}).sort(([a], [b]) => Number(a === 'animal') - Number(b === 'animal'))
  for (const [field, change] of fields) {
    if (field === 'identifications') mergeIdentifications(draft, change)
    else if (!isField(field)) throw new AppError('invalid_mutation', { field, why: 'no such field' })
    else if (fixed.has(field)) continue
    else if (field === 'animal') await mergeAnimalField(work, draft, change)
    else if (field === 'outing') await mergeOutingField(work, draft, change)
    else mergePlainField(work, draft, field, change)
  }
}

function keepClashes(work: PushWork, entry: string, clashes: Draft['clashes'], at: number): void {
  for (const { field, lost, stands } of clashes) {
    work.conflicts.push({ type: 'conflict', id: randomUUID(), entry, field, lost, stands, device: work.device, at })
  }
}

/** Brings a deleted entry back as private; its history tells what it was before (O5). */
function revive(draft: Draft): void {
  const was = draft.row.visibility
  draft.row.deleted_at = null
  draft.row.visibility = 'private'
  if (was !== 'private') draft.changes.push({ field: 'visibility', was, to: 'private' })
  draft.changes.push({ op: 'revive' })
}

/** An entry left the trash, and its clashes with it. */
async function cameBack(work: PushWork, entry: string): Promise<void> {
  withdrawTrash(work.feeds, entry)
  await showConflicts(work, entry, true)
}

const changesField = (draft: Draft, field: string): boolean =>
  draft.changes.some((change) => 'field' in change && change.field === field)

/** @throws AppError managed_account when an account that a guardian looks after would show something to everyone */
function checkManaged({ managed }: PushWork, { set }: Mutation): void {
  const change = set?.visibility
  if (managed && change && 'to' in change && change.to === 'public')
    throw new AppError('managed_account', { field: 'visibility' })
}

/** Creates or changes an entry, field by field (O4); an entry deleted elsewhere comes back as private (O5). */
async function write(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const existing = work.desk.get(mutation.id)
  if (!existing && mutation.op !== 'create') throw new AppError('missing_target', { entry: mutation.id })
  checkManaged(work, mutation)
  const draft: Draft = { row: existing ? { ...existing } : work.desk.blank(work.tx, mutation.id), changes: [], clashes: [] }
  const revived = existing !== undefined && existing.deleted_at !== null
  if (!existing) draft.changes.push({ op: 'create' })
  if (revived) revive(draft)
  await mergeFields(work, draft, mutation.set, new Set(revived ? ['visibility'] : []))
  // From here on nothing can fail: what is written beside the desk stays.
  if (existing && changesField(draft, 'visibility')) work.audited.add('visibility_changed')
  if (revived) await cameBack(work, mutation.id)
  if (changesField(draft, 'outing') && draft.row.outing_id) await joined(work, draft.row.outing_id)
  if (!draft.row.visibility) draft.row.visibility = work.settings.visibility
  keepClashes(work, mutation.id, draft.clashes, work.desk.now)
  if (draft.changes.length > 0) work.desk.put(draft.row, draft.changes)
  return {
    ...(revived ? { revived: true } : {}),
    ...(draft.clashes.length > 0 ? { conflicts: draft.clashes.map((clash) => clash.field) } : {}),
  }
}

async function remove(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const row = work.desk.get(mutation.id)
  if (!row) throw new AppError('missing_target', { entry: mutation.id })
  if (row.deleted_at !== null) return {}
  work.desk.put({ ...row, deleted_at: work.desk.now }, [{ op: 'delete' }])
  await showConflicts(work, mutation.id, false)
  return {}
}

/** Brings a deleted entry back as it was, for 30 days. */
async function restore(work: PushWork, mutation: Mutation): Promise<Outcome> {
  const row = work.desk.get(mutation.id)
  if (!row) throw new AppError('missing_target', { entry: mutation.id })
  if (row.deleted_at === null) return {}
  if (work.desk.now - row.deleted_at > RESTORE_MS)
    throw new AppError('missing_target', { entry: mutation.id, days: LIMITS.restoreDays })
  work.desk.put({ ...row, deleted_at: null }, [{ op: 'restore' }])
  await cameBack(work, mutation.id)
  return {}
}

/** Carries out a mutation of type `entry`. @throws AppError when it can't be, having changed nothing */
export function applyEntryMutation(work: PushWork, mutation: Mutation): Promise<Outcome> {
  if (mutation.op === 'delete') return remove(work, mutation)
  return mutation.op === 'restore' ? restore(work, mutation) : write(work, mutation)
}
