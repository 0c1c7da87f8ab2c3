import { hash } from 'node:crypto'
import { AppError } from '@biologidex/core/errors'
import { canonical } from '@biologidex/core/json'
import { MUTATION_TYPES, type Mutation, type MutationResult, type MutationType } from '@biologidex/core/sync/mutation'
import { accountFeed, feedOfChange, type PushInput } from '@biologidex/core/sync/wire'
import { breathe, breatheEvery } from '../../breathe.ts'
import type { Caller, Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import { applySettingMutation } from '../accounts/accounts.mutations.ts'
import { note } from '../accounts/audit.service.ts'
import { applyConflictMutation, keepConflicts } from '../entries/conflicts.mutations.ts'
import { applyEntryMutation } from '../entries/entries.mutations.ts'
import { publishEntries, standingOf } from '../entries/entries.service.ts'
import { EntryDesk } from '../entries/entry-desk.ts'
import { applyOutingMutation } from '../entries/outings.mutations.ts'
import { applyBlockMutation, applyFriendMutation, othersTouched } from '../friends/friends.mutations.ts'
import { dropDrafts } from '../images/drafts.service.ts'
import { applyImageMutation, entriesOfImages } from '../images/images.mutations.ts'
import { ACCOUNT, FeedWriter } from './feed-writer.ts'
import type { Outcome, PushWork } from './push-work.ts'
import { type ClientLedger, readLedger, writeLedger } from './sync.store.ts'

const HANDLERS: Partial<Record<MutationType, (work: PushWork, mutation: Mutation) => Promise<Outcome>>> = {
  entry: applyEntryMutation,
  image: applyImageMutation,
  outing: applyOutingMutation,
  conflict: applyConflictMutation,
  friend: applyFriendMutation,
  block: applyBlockMutation,
  setting: applySettingMutation,
}

/** Mutations before others have their turn: some milliseconds. What a person does by hand is less. */
const MUTATIONS_A_TURN = 50

const isKnown = (type: string): type is MutationType => (MUTATION_TYPES as readonly string[]).includes(type)

const contentHash = (mutation: Mutation): string => hash('sha256', canonical(mutation), 'base64url')

/** PostgreSQL's text cannot hold it, and nobody types it. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, member]) => key.includes('\0') || holdsNul(member))
}

/** Carries out one mutation; one that can't succeed is answered with its reason, and the others go on (O6). */
async function carryOut(work: PushWork, mutation: Mutation): Promise<MutationResult> {
  const { n } = mutation
  try {
    const handle = isKnown(mutation.type) ? HANDLERS[mutation.type] : undefined
    if (!handle) throw new AppError('invalid_mutation', { type: mutation.type })
    if (holdsNul(mutation.set)) throw new AppError('invalid_mutation', { why: 'a text holds the character U+0000' })
    const { revived, conflicts } = await handle(work, mutation)
    return { n, status: 'done', ...(revived ? { revived } : {}), ...(conflicts ? { conflicts: [...conflicts] } : {}) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, details } = error
    return { n, status: 'rejected', code, message, details: (details ?? null) as MutationResult['details'] }
  }
}

interface Sorted {
  readonly repeats: MutationResult[]
  readonly fresh: Mutation[]
}

/**
 * Tells repeats from new mutations (O3). A repeat gets its recorded result. The same number with other content, or one whose
 * result was acknowledged and forgotten, comes from a cloned profile: the device must take a new identity.
 */
function sortOut(mutations: readonly Mutation[], ledger: ClientLedger): Sorted {
  const repeats: MutationResult[] = []
  const fresh: Mutation[] = []
  let previous = 0
  for (const mutation of mutations) {
    if (mutation.n <= previous) throw new AppError('invalid_input', [{ path: 'mutations', message: 'n must grow' }])
    previous = mutation.n
    if (mutation.n > ledger.last) {
      fresh.push(mutation)
      continue
    }
    const recorded = ledger.recorded.get(mutation.n)
    if (recorded?.hash !== contentHash(mutation)) throw new AppError('new_identity')
    repeats.push(recorded.result)
  }
  return { repeats, fresh }
}

async function openWork(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  mutations: readonly Mutation[],
  locked: ReadonlySet<string>,
): Promise<PushWork & { readonly others: ReadonlyMap<string, FeedWriter> }> {
  const owner = caller.account
  const desk = new EntryDesk(owner, caller.device, await tx.now())
  const direct = mutations.filter((mutation) => mutation.type === 'entry').map((mutation) => mutation.id)
  await desk.fetch(tx, [...new Set([...direct, ...(await entriesOfImages({ tx, owner }, mutations))])])
  const { settings, managed } = await standingOf(tx, owner)
  const feeds = await FeedWriter.open(tx, ctx.nudges, owner)
  const others = new Map<string, FeedWriter>()
  const feedsOf = async (account: string): Promise<FeedWriter> => {
    const open = others.get(account) ?? (await FeedWriter.open(tx, ctx.nudges, account))
    others.set(account, open)
    return open
  }
  return {
    tx,
    owner,
    managed,
    device: caller.device,
    settings,
    desk,
    feeds,
    conflicts: [],
    dropDraft: (upload) => dropDrafts(tx, ctx, [upload]),
    jobs: ctx.jobs,
    audited: new Set(),
    locked,
    feedsOf,
    others,
  }
}

/** Where the feed that shows a change stands when all of the push is in it (O7). */
const seqOf = ({ feeds, owner }: PushWork, mutation: Mutation | undefined): number =>
  feeds.head(feedOfChange(mutation?.type ?? '', owner) === accountFeed(owner) ? ACCOUNT : 'owner')

/** Locks a push's owner and the others it touches, in id order (W1). @returns those that are there */
async function lockAll(tx: Tx, owner: string, others: readonly string[]): Promise<ReadonlySet<string>> {
  const locked = new Set<string>()
  for (const id of [...new Set([owner, ...others])].sort()) if (await tx.lockOwner(id)) locked.add(id)
  return locked
}

/** What came of a push. */
export interface Pushed {
  /** For each mutation, in order. */
  readonly results: MutationResult[]
  /** `FeedWriter.named`: animals whose records a device that read so far in its owner's feed has. */
  readonly named: ReadonlyMap<string, number>
}

/** Carries mutations out in order, writes and projects what they touched once, as it stands at the end. */
async function carryOutAll(
  tx: Tx,
  ctx: Context,
  caller: Caller,
  mutations: readonly Mutation[],
  locked: ReadonlySet<string>,
): Promise<Pushed> {
  const work = await openWork(tx, ctx, caller, mutations, locked)
  const outcomes: MutationResult[] = []
  const breather = breatheEvery(MUTATIONS_A_TURN)
  for (const mutation of mutations) {
    outcomes.push(await carryOut(work, mutation))
    await breather()
  }
  await work.desk.save(tx, breather)
  await keepConflicts(work)
  await publishEntries(tx, ctx.nudges, work.owner, work.feeds, work.desk.touched(), work.settings)
  for (const feeds of work.others.values()) await feeds.flush()
  for (const what of work.audited) await note(tx, caller.account, what, caller.address ?? null)
  const placed = (result: MutationResult, i: number) =>
    result.status === 'done' ? { ...result, seq: seqOf(work, mutations[i]) } : result
  return { results: outcomes.map(placed), named: work.feeds.named }
}

/** A change as it is made on the spot: without a number, since nobody sends it again. */
export type Change = Omit<Mutation, 'n'>

/**
 * Changes what a caller without an outbox asks for (V1), in one transaction: all of it or nothing.
 * @param others accounts that it touches besides the caller's own
 * @param plan makes the changes under the locks, from what is there then
 * @param after what is done besides, once they are carried out and before the commit
 * @throws AppError of the first change that can't be carried out
 */
export async function changeNow(
  ctx: Context,
  caller: Caller,
  others: readonly string[],
  plan: (tx: Tx) => Promise<readonly Change[]>,
  after?: (tx: Tx) => Promise<void>,
): Promise<void> {
  await ctx.db.write(async (tx) => {
    const locked = await lockAll(tx, caller.account, others)
    if (!locked.has(caller.account)) throw new AppError('not_signed_in')
    const mutations = (await plan(tx)).map((change, index) => ({ ...change, n: index + 1 }))
    const pushed = mutations.length > 0 ? await carryOutAll(tx, ctx, caller, mutations, locked) : undefined
    const refused = pushed?.results.find((result) => result.status === 'rejected')
    if (refused) throw new AppError(refused.code ?? 'internal', refused.details, refused.message)
    await after?.(tx)
  })
}

/**
 * One push is one transaction (O2): mutations are carried out on the desk in order, entries are written and projected once,
 * as they stand at the end, and every result is recorded, so that a repeat of the request finds it.
 * @throws AppError new_identity (O3), invalid_input
 */
export async function push(ctx: Context, caller: Caller, input: PushInput): Promise<Pushed> {
  return ctx.db.write(async (tx) => {
    const locked = await lockAll(tx, caller.account, await othersTouched(tx.q, input.mutations))
    if (!locked.has(caller.account)) throw new AppError('not_signed_in')
    const numbers = input.mutations.map((mutation) => mutation.n)
    const ledger = await readLedger(tx, caller.account, input.client, numbers)
    const { repeats, fresh } = sortOut(input.mutations, ledger)
    if (fresh.length === 0) return { results: repeats, named: new Map() }

    const { results, named } = await carryOutAll(tx, ctx, caller, fresh, locked)
    if (fresh.length >= MUTATIONS_A_TURN) await breathe()
    const rows = fresh.map((mutation, index) => ({
      account_id: caller.account,
      client_id: input.client,
      n: mutation.n,
      content_hash: contentHash(mutation),
      result: JSON.stringify(results[index]),
    }))
    await writeLedger(tx, caller.account, input.client, fresh.at(-1)?.n ?? ledger.last, input.ack, rows)
    return { results: [...repeats, ...results], named }
  })
}
