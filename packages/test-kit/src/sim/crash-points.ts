import type { BlobDraft, BlobStore } from '@biologidex/server/blobs/blob-store'
import type { Db, Tx } from '@biologidex/server/db/db'
import type { Life } from './life.ts'

/**
 * Where a server dies: at its nth transaction from now (before it commits, or after it did and nobody heard of it), at the nth
 * time that it changes a file of a picture, or below that, at the nth thing done to a file or statement that changes the
 * database (steps.ts). `midway`: with half of the bytes written.
 */
export interface CrashPoint {
  readonly kind: 'write' | 'blob' | 'file' | 'statement'
  readonly nth: number
  readonly when: 'before' | 'midway' | 'after'
}

/** What ends work that a dead server had begun; nobody sees it. */
export class Dead extends Error {}

/** Counts the points at which a server could die, over all of its lives, and says at which one it does. */
export class CrashPlan {
  readonly passed = { write: 0, blob: 0, file: 0, statement: 0 }
  /** Things done to files that can be done by half. */
  readonly halves: number[] = []
  #planned: CrashPoint | undefined

  /** Plans a death; the one planned before is forgotten. */
  plan(point: CrashPoint | undefined): void {
    this.#planned = point && { ...point, nth: this.passed[point.kind] + point.nth }
  }

  pass(kind: CrashPoint['kind'], byHalf = false): CrashPoint['when'] | undefined {
    this.passed[kind] += 1
    if (kind === 'file' && byHalf) this.halves.push(this.passed.file)
    const { kind: planned, nth, when } = this.#planned ?? {}
    if (planned !== kind || nth !== this.passed[kind]) return undefined
    this.#planned = undefined
    return when
  }
}

/** A server's database: a transaction that was not committed when the server died is rolled back. */
export function mortalDb(db: Db, life: Life, plan: CrashPlan): Db {
  const write = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    let dies: CrashPoint['when'] | undefined
    const result = await db.write(async (tx) => {
      dies = plan.pass('write')
      const afterCommit = (then: () => void) => tx.afterCommit(() => void (dies || life.over || then()))
      const done = await work({ ...tx, afterCommit })
      if (dies === 'before') life.end()
      if (life.over) throw new Dead()
      return done
    })
    if (dies) life.end()
    return result
  }
  return { ...db, write: (work) => life.run(() => write(work)) }
}

/** Passes pieces on while the server lives; `dies`: half of the first piece is its last. */
async function* mortalPieces(pieces: AsyncIterable<Uint8Array>, life: Life, dies: boolean): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (life.over) throw new Dead()
    if (!dies) yield piece
    else {
      yield piece.subarray(0, Math.ceil(piece.length / 2))
      life.end()
    }
  }
}

/** A server's pictures. */
export function mortalBlobs(blobs: BlobStore, life: Life, plan: CrashPlan): BlobStore {
  async function change<T>(work: (midway: boolean) => Promise<T>): Promise<T> {
    const dies = plan.pass('blob')
    if (dies === 'before') life.end()
    if (life.over) throw new Dead()
    const result = await work(dies === 'midway')
    if (dies) life.end()
    return result
  }

  function mortalDraft(draft: BlobDraft): BlobDraft {
    return {
      append: (offset, bytes, limit) =>
        life.run(() => change((midway) => draft.append(offset, mortalPieces(bytes, life, midway), limit))),
      keep: (sha256) => life.run(() => change(() => draft.keep(sha256))),
      drop: () => life.run(() => change(() => draft.drop())),
      length: () => life.run(() => draft.length()),
      head: (count) => life.run(() => draft.head(count)),
      sha256: () => life.run(() => draft.sha256()),
    }
  }

  return {
    draft: (name) => mortalDraft(blobs.draft(name)),
    put: (bytes) => life.run(() => change(() => blobs.put(bytes))),
    has: (sha256) => life.run(() => blobs.has(sha256)),
    settle: (sha256) => life.run(() => change(() => blobs.settle(sha256))),
    size: (sha256) => life.run(() => blobs.size(sha256)),
    read: (sha256) => blobs.read(sha256),
    readAll: (sha256) => life.run(() => blobs.readAll(sha256)),
    list: (after) => blobs.list(after),
    drafts: () => blobs.drafts(),
    remove: (sha256, mayGo) => life.run(() => change(() => blobs.remove(sha256, mayGo))),
  }
}
