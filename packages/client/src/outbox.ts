import { ERRORS, type ErrorCode } from '@biologidex/core/errors'
import type { MutationResult } from '@biologidex/core/sync/mutation'
import { feedOfChange } from '@biologidex/core/sync/wire'
import type { Draft } from './face.ts'
import { isAboutPeople } from './people.ts'
import type {
  AccountState,
  AccountWrite,
  Clock,
  DeviceState,
  LocalStore,
  Random,
  StoredMutation,
  StoredUpload,
} from './ports.ts'
import { isDone, isUnsent, restingOn, subjectOf, unmade } from './rests.ts'

/** What the outbox is given. `onChange`: it changed, wherever that came from; `onWrite`: this tab wrote to the store. */
export interface OutboxParts {
  readonly store: LocalStore
  readonly clock: Clock
  readonly random: Random
  readonly onChange: () => void
  readonly onWrite: () => void
}

/** How far the feeds that show what was changed here have come: the own dex's, and the account's for what is about people. */
export interface Reached {
  readonly dex: number
  readonly people: number
}

const isReached = (change: StoredMutation, { dex, people }: Reached): boolean =>
  isDone(change) && (change.result?.seq ?? 0) <= (isAboutPeople(change) ? people : dex)

/** Words for a reason to set aside. */
const aside = (code: string, message?: string) => ({
  code,
  message: message ?? (code in ERRORS ? ERRORS[code as ErrorCode][1] : 'This change cannot be carried out as it stands.'),
})

/**
 * The changes and pictures that wait to go up (O1), in memory as they lie in the store. Several tabs write to the same
 * store: numbers are handed out inside it, and `take` brings in what others wrote. Steps run one after another.
 */
export class Outbox {
  readonly #parts: OutboxParts
  #device: DeviceState | undefined
  #changes: readonly StoredMutation[] = []
  #uploads: readonly StoredUpload[] = []
  #unreadable = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  get device(): DeviceState | undefined {
    return this.#device
  }

  /** All changes in order: unsent, answered but not reached, and set aside. */
  get changes(): readonly StoredMutation[] {
    return this.#changes
  }

  get uploads(): readonly StoredUpload[] {
    return this.#uploads
  }

  /** How many changes and pictures lie here that cannot be opened. */
  get unreadable(): number {
    return this.#unreadable
  }

  /** Changes still to be sent, in order. */
  unsent(): StoredMutation[] {
    return this.#changes.filter(isUnsent)
  }

  /** The feeds of which changes that were carried out wait for a later position (O7). */
  awaits(account: string): string[] {
    return [...new Set(this.#changes.filter(isDone).map(({ type }) => feedOfChange(type, account)))]
  }

  /** Takes over what the store holds. */
  take(state: AccountState): void {
    this.#device = state.device
    this.#changes = [...state.outbox].sort((a, b) => a.n - b.n)
    this.#uploads = state.uploads
    this.#unreadable = state.unreadable ?? 0
    this.#parts.onChange()
  }

  /**
   * Reads the store again: another tab wrote to it. What left the outbox since must be in the base before it leaves the
   * screen (O7): `before` brings the base up to a later time than the outbox was read at.
   * @param begins called before anything is read: what is written from then on may not be seen
   */
  reload(before: () => Promise<void> = async () => undefined, begins: () => void = () => undefined): Promise<void> {
    return this.#alone(async () => {
      begins()
      const state = await this.#parts.store.load()
      await before()
      this.take(state)
    })
  }

  /**
   * Numbers, dates and keeps drafts, with the pictures that they announce, in one durable step (O1). Those that were dated
   * when they were made elsewhere stay so.
   */
  append(drafts: readonly (Draft & { readonly at?: number })[], uploads: readonly StoredUpload[]): Promise<void> {
    const at = this.#parts.clock.now()
    const dated = drafts.map((draft) => ({ at, ...draft }))
    return this.#alone(() => this.#write(() => ({ add: dated, putUploads: uploads })))
  }

  /**
   * Durably takes the server's answers in. What was carried out leaves if the local position has reached it (O7), else it
   * waits for that; what was rejected is set aside, with what rests on it (O6).
   */
  settle(results: readonly MutationResult[], reached: Reached): Promise<void> {
    const answers = new Map(results.map((result) => [result.n, result]))
    return this.#alone(() =>
      this.#write(() => {
        const answered = this.#changes.flatMap((change) => {
          const result = isUnsent(change) ? answers.get(change.n) : undefined
          return result ? [{ ...change, result }] : []
        })
        const done = answered.filter(({ result }) => result.status === 'done')
        const failed = answered
          .filter(({ result }) => result.status === 'rejected')
          .map((change) => ({ ...change, setAside: aside(change.result.code ?? 'invalid_mutation', change.result.message) }))
        // Those that were answered before leave with them: an older change must not lie alone over a base that has the later one.
        const left = [...this.#changes, ...done].filter((change) => isReached(change, reached))
        const waiting = done.filter((change) => !isReached(change, reached))
        const resting = this.#resting(failed, new Set(answers.keys()))
        return { putMutations: [...waiting, ...failed, ...resting], dropMutations: left.map(({ n }) => n) }
      }),
    )
  }

  /** Drops what the local position has reached: the base shows it now (O7). */
  leave(now: Reached): Promise<void> {
    return this.#alone(async () => {
      const reached = this.#changes.filter((change) => isReached(change, now))
      if (reached.length > 0) await this.#write(() => ({ dropMutations: reached.map(({ n }) => n) }))
    })
  }

  /** Sets changes aside, each for its reason, with what rests on them. */
  putAside(reasons: ReadonlyMap<number, string>): Promise<void> {
    return this.#alone(async () => {
      const put = this.#changes.filter(isUnsent).flatMap((change) => {
        const code = reasons.get(change.n)
        return code ? [{ ...change, setAside: aside(code) }] : []
      })
      if (put.length > 0) await this.#write(() => ({ putMutations: [...put, ...this.#resting(put, new Set(reasons.keys()))] }))
    })
  }

  /** Sets aside what was added to things whose making was set aside before. */
  putOrphansAside(): Promise<void> {
    return this.#alone(async () => {
      const orphans = restingOn(unmade(this.#changes), this.unsent())
      const put = orphans.map((change) => ({ ...change, setAside: aside('depends_on_failed') }))
      if (put.length > 0) await this.#write(() => ({ putMutations: put }))
    })
  }

  #resting(failed: readonly StoredMutation[], handled: ReadonlySet<number>): StoredMutation[] {
    const first = failed[0]
    if (!first) return []
    const later = this.#changes.filter((change) => isUnsent(change) && change.n > first.n && !handled.has(change.n))
    return restingOn(failed.map(subjectOf), later).map((change) => ({ ...change, setAside: aside('depends_on_failed') }))
  }

  /** A new identity for a profile that was cloned (O3): unsent changes are numbered anew, in order. */
  renew(): Promise<void> {
    const client = this.#parts.random.uuid()
    return this.#alone(async () => {
      this.take(await this.#parts.store.load())
      const kept = this.#changes.filter((change) => !isUnsent(change)).map(({ n }) => n)
      // Of rows that cannot be opened nobody knows the numbers: none that was handed out may be put over them.
      if (this.#unreadable > 0) kept.push((this.#device?.next ?? 1) - 1)
      await this.#renumber({ client, next: Math.max(0, ...kept) + 1, ack: 0 })
    })
  }

  async #renumber(device: DeviceState): Promise<void> {
    const seen = this.#device?.next
    const moved = this.unsent()
    const put = moved.map((change, index) => ({ ...change, n: device.next + index }))
    const fresh = new Set(put.map(({ n }) => n))
    const drop = moved.map(({ n }) => n).filter((n) => !fresh.has(n))
    const after = { ...device, next: device.next + put.length }
    await this.#parts.store.updateAccount((now) => {
      if (now?.next !== seen) throw new Error('another tab wrote at the same time; the next try sees it')
      return { device: after, putMutations: put, dropMutations: drop }
    })
    this.#apply({ device: after, putMutations: put, dropMutations: [...drop, ...moved.map(({ n }) => n)] })
    this.#parts.onWrite()
  }

  /** The server went back in time (P6): answers that it may have forgotten are asked for again. */
  forgetResults(): Promise<void> {
    const answered = (change: StoredMutation) => change.result && !change.setAside
    return this.#alone(async () => {
      const put = this.#changes.filter(answered).map(({ result: _, ...change }) => change)
      if (put.length > 0) await this.#write(() => ({ putMutations: put }))
    })
  }

  /** Sends a set-aside change, and those set aside because of it, once more: under new numbers, since the old are spent. */
  retry(n: number): Promise<void> {
    return this.#alone(async () => {
      const change = this.#changes.find((other) => other.n === n && other.setAside)
      if (!change) return
      // Of what was to happen to a thing that could not be made, every refusal came of that.
      const because = (other: StoredMutation) =>
        other.setAside && (change.op === 'create' || other.setAside.code === 'depends_on_failed')
      const later = this.#changes.filter((other) => other.n > n && because(other))
      const again = [change, ...restingOn([subjectOf(change)], later)]
      const add = again.map(({ n: _, result: __, setAside: ___, ...draft }) => draft)
      await this.#write(() => ({ add, dropMutations: again.map((other) => other.n) }))
    })
  }

  /** Drops a set-aside change; with the making of a thing goes all that was to happen to it. Answers the pictures that went. */
  discard(n: number): Promise<string[]> {
    return this.#alone(async () => {
      const change = this.#changes.find((other) => other.n === n && other.setAside)
      if (!change) return []
      const later = this.#changes.filter((other) => other.n > n && other.result?.status !== 'done')
      const gone = change.op === 'create' ? [change, ...restingOn([subjectOf(change)], later)] : [change]
      const images = gone.filter((other) => other.type === 'image' && other.op === 'create').map((other) => other.id)
      const uploads = this.#uploads.map(({ image }) => image).filter((image) => images.includes(image))
      await this.#write(() => ({ dropMutations: gone.map((other) => other.n), dropUploads: uploads }))
      return images
    })
  }

  putUpload(upload: StoredUpload): Promise<void> {
    return this.#alone(() => this.#write(() => ({ putUploads: [upload] })))
  }

  /** Tries a failed upload again, from its beginning; all of them when none is named. */
  retryUploads(image?: string): Promise<void> {
    return this.#alone(async () => {
      const failed = this.#uploads.filter((upload) => upload.failed && (image === undefined || upload.image === image))
      const put = failed.map(({ failed: _, url: __, ...upload }) => upload)
      if (put.length > 0) await this.#write(() => ({ putUploads: put }))
    })
  }

  dropUpload(image: string): Promise<void> {
    return this.#alone(() => this.#write(() => ({ dropUploads: [image] })))
  }

  /** Runs steps one after another: what one plans from, no other changes. */
  #alone<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(step)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #write(change: () => AccountWrite & { readonly add?: readonly Draft[] }): Promise<void> {
    const { add = [], putMutations = [], ...rest } = change()
    let write: AccountWrite = {}
    let alone = true
    await this.#parts.store.updateAccount((found) => {
      alone = found?.next === this.#device?.next
      const device = found ?? this.#device ?? { client: this.#parts.random.uuid(), next: 1, ack: 0 }
      const added = add.map((draft, index): StoredMutation => ({ ...draft, n: device.next + index }))
      const known = this.#device?.next ?? device.next
      const ack = this.#acked({ ...rest, putMutations }, known, device.ack)
      write = { ...rest, device: { ...device, next: device.next + add.length, ack }, putMutations: [...putMutations, ...added] }
      return write
    })
    // Another tab took numbers that are not known here yet: none may be sent, or acknowledged, over the head of those.
    if (alone) this.#apply(write)
    else this.take(await this.#parts.store.load())
    this.#parts.onWrite()
  }

  /** The highest number up to which nothing is unanswered any more, as far as this tab has seen numbers (O3). */
  #acked(change: AccountWrite, known: number, ack: number): number {
    const settled = new Set([
      ...(change.dropMutations ?? []),
      ...(change.putMutations ?? []).filter((m) => !isUnsent(m)).map((m) => m.n),
    ])
    const open = this.#changes.filter((other) => isUnsent(other) && !settled.has(other.n))
    return Math.max(ack, Math.min(known, ...open.map(({ n }) => n)) - 1)
  }

  #apply(write: AccountWrite): void {
    const dropped = new Set([...(write.dropMutations ?? []), ...(write.putMutations ?? []).map(({ n }) => n)])
    const kept = this.#changes.filter(({ n }) => !dropped.has(n))
    this.#changes = [...kept, ...(write.putMutations ?? [])].sort((a, b) => a.n - b.n)
    const gone = new Set([...(write.dropUploads ?? []), ...(write.putUploads ?? []).map(({ image }) => image)])
    this.#uploads = [...this.#uploads.filter(({ image }) => !gone.has(image)), ...(write.putUploads ?? [])]
    this.#device = write.device ?? this.#device
    this.#parts.onChange()
  }
}
