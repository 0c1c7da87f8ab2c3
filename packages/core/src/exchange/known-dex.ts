import { nameKey } from '../animals/names.ts'
import { headOf, type Identity, tailOf } from './old-identity.ts'
import { namesOf, type OldRecord } from './old-record.ts'

/** An entry as far as it decides whether an old record is here already. */
export interface KnownEntry {
  readonly id: string
  readonly publicId: string
  /** Its animal's scientific name. */
  readonly scientificName?: string | undefined
  readonly pictures: number
}

/** What is known under every id and name that a record may be found by. */
export class KnownDex<T> {
  readonly #byId = new Map<string, T>()
  readonly #byHead = new Map<string, T>()
  readonly #byTail = new Map<string, T>()
  readonly #byAnimal = new Map<string, T>()

  /** @param publicId what the server calls it in v1; none for what is not there yet */
  add(thing: T, id: string, publicId?: string, scientificName?: string): void {
    this.#byId.set(id, thing)
    if (publicId !== undefined) this.#byId.set(publicId, thing)
    this.#byHead.set(headOf(id), thing)
    this.#byTail.set(tailOf(id), thing)
    const key = scientificName === undefined ? undefined : nameKey(scientificName)
    if (key !== undefined) this.#byAnimal.set(key, thing)
  }

  /**
   * What a record is already.
   * @param sameServer it was written by a client of this very account, whose animals it names: one entry an animal, as clients then had
   */
  find(record: OldRecord, { id, bare, hasEntryId }: Identity, sameServer: boolean): T | undefined {
    const { entryId } = record
    const direct = (entryId === undefined ? undefined : this.#byId.get(entryId)) ?? this.#byId.get(id)
    if (direct) return direct
    if (hasEntryId) return this.#byTail.get(tailOf(id)) ?? this.#byId.get(bare)
    const { scientific } = namesOf(record)
    const key = sameServer && scientific !== undefined ? nameKey(scientific) : undefined
    return this.#byHead.get(headOf(id)) ?? (key === undefined ? undefined : this.#byAnimal.get(key))
  }
}
