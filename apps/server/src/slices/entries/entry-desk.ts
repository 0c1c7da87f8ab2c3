import type { Json } from '@biologidex/core/json'
import type { Tx } from '../../db/db.ts'
import type { EntriesTable, RevisionsTable } from '../../db/tables.ts'
import { type ChangedEntry, entriesById, updateEntries } from './entries.store.ts'

/** One line of a revision: a field and what it was and became, or what happened to the entry as a whole. */
export type RevisionChange =
  | { readonly field: string; readonly was: Json; readonly to: Json }
  | { readonly op: 'create' | 'delete' | 'restore' | 'revive' }

/** An entry on the desk: its row as the push has changed it so far. */
export interface OnDesk {
  readonly row: EntriesTable
  /** As it was read; undefined for one that is being made. */
  readonly was: EntriesTable | undefined
}

/**
 * The entries that one push works on, read once and written once (O2): mutations change rows here, so that
 * one that fails half-way leaves nothing, and an entry is projected only as it stands at the end.
 */
export class EntryDesk {
  readonly #owner: string
  readonly #device: string
  readonly #entries = new Map<string, OnDesk>()
  readonly #revisions: RevisionsTable[] = []
  readonly #touched = new Set<string>()
  readonly now: number

  constructor(owner: string, device: string, now: number) {
    this.#owner = owner
    this.#device = device
    this.now = now
  }

  /** Reads the owner's entries among `ids`, those not on the desk yet. */
  async fetch(tx: Tx, ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.#entries.has(id))
    for (const row of await entriesById(tx.q, this.#owner, missing)) this.#entries.set(row.id, { row, was: row })
  }

  get(id: string): EntriesTable | undefined {
    return this.#entries.get(id)?.row
  }

  /** A row for an entry that is being made; not on the desk until it is put there. */
  blank(tx: Tx, id: string): EntriesTable {
    return {
      owner_id: this.#owner,
      id,
      public_id: tx.random.uuid(),
      animal_id: null,
      called: null,
      called_animal: null,
      observed: null,
      place: null,
      area: null,
      outing_id: null,
      count: null,
      captive: 0,
      note: null,
      private_note: null,
      visibility: '',
      favourite: 0,
      primary_image: null,
      customizations: null,
      identifications: '[]',
      revision: 0,
      created_at: this.now,
      updated_at: this.now,
      deleted_at: null,
    }
  }

  /** Puts a changed row on the desk with the revision that says what changed. */
  put(row: EntriesTable, changes: readonly RevisionChange[]): void {
    const n = row.revision + 1
    const next = { ...row, revision: n, updated_at: Math.max(this.now, row.updated_at) }
    this.#entries.set(row.id, { row: next, was: this.#entries.get(row.id)?.was })
    this.#touched.add(row.id)
    this.#revisions.push({
      owner_id: this.#owner,
      entry_id: row.id,
      n,
      at: this.now,
      device: this.#device,
      changes: JSON.stringify(changes),
    })
  }

  /** Rows to publish anew. */
  touched(): EntriesTable[] {
    return [...this.#touched].flatMap((id) => this.get(id) ?? [])
  }

  /**
   * Writes everything that changed.
   * @param wrote asked after so many rows: others have their turn there
   */
  async save(tx: Tx, wrote: (rows: number) => Promise<void> | undefined): Promise<void> {
    const made: EntriesTable[] = []
    const changed: ChangedEntry[] = []
    for (const { row, was } of this.#entries.values()) {
      if (!was) made.push(row)
      else if (row !== was) changed.push({ row, was })
    }
    await tx.insertAll('entries', made)
    await wrote(made.length)
    await updateEntries(tx, changed)
    await wrote(changed.length)
    await tx.insertAll('revisions', this.#revisions)
  }
}
