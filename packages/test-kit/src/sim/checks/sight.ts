import { canonical } from '@biologidex/core/json'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { accountFeed, dexFeed, dexOf } from '@biologidex/core/sync/wire'
import type { Db } from '@biologidex/server/db/db'
import type { SimDevice } from '../device.ts'
import { type Facts, friendsOf, type Seen, seenBy } from '../sight.ts'

/** What no item of another's dex ever has: it is its owner's alone. */
const OWNERS_ALONE = ['privateNote', 'identifications', 'visibility', 'created', 'updated', 'outing', 'friendCode', 'settings']

type Item = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string }

/** Every item that lies anywhere in a feed on a disk: on pages, over them, and in what is being filled. */
function itemsOf(device: SimDevice, feed: string): Item[] {
  const generations = [...(device.disk.records.feeds.get(feed)?.generations.values() ?? [])]
  const pages = generations.flatMap(({ pages }) => pages.flatMap((page) => JSON.parse(page) as Item[]))
  const over = generations.flatMap(({ over }) => [...over.values()].flatMap((text) => (text ? [JSON.parse(text) as Item] : [])))
  return [...pages, ...over]
}

/** Everything that a disk holds as text. */
function textOf({ disk: { records } }: SimDevice): string {
  const feeds = [...records.feeds.values()].flatMap(({ state, marks, generations }) => [
    state,
    marks ?? '',
    ...[...generations.values()].flatMap(({ pages, over, animals }) => [...pages, ...over.values(), ...animals.values()]),
  ])
  const others = [records.outbox, records.uploads, records.syncs].flatMap((map) => [...map.values()])
  return [...feeds, ...others, ...Array.from(records.pictures.values(), ({ row }) => row)].join('\n')
}

function* heldOf(device: SimDevice, owner: string, facts: Facts): Iterable<string> {
  const seen = seenBy(facts, 'friends', owner)
  for (const item of itemsOf(device, dexFeed(owner))) {
    if (item.type === 'entry' && !seen.has(item.id)) yield `the row of the entry ${item.id}`
    for (const field of OWNERS_ALONE) if (field in item) yield `${field} of ${item.type}/${item.id}`
  }
  const marks = device.disk.records.feeds.get(dexFeed(owner))?.marks ?? ''
  for (const { id, owner_id: by } of facts.entries) {
    if (by === owner && !seen.has(id) && marks.includes(id)) yield `the mark of the entry ${id}`
  }
  const shown = new Set([...seen.values()].flatMap(checksumsOf))
  for (const { row } of device.disk.records.pictures.values()) {
    const { dex, sha256, entries } = JSON.parse(row) as { dex: string; sha256: string; entries: string[] }
    if (dex !== owner) continue
    if (!shown.has(sha256)) yield `the picture ${sha256}`
    for (const entry of entries) if (!seen.has(entry)) yield `a picture of the entry ${entry}`
  }
}

function checksumsOf({ images = [] }: Seen): string[] {
  const renditions = (images as { renditions?: Record<string, { sha256: string }> }[]).map((image) => image.renditions ?? {})
  return renditions.flatMap((made) => Object.values(made).map(({ sha256 }) => sha256))
}

/** What was typed into an entry and stands there; with its quotes, so that none is part of another. */
function wordsOf({ note, private_note: privately, customizations }: Facts['entries'][number]): string[] {
  const border = customizations === null ? undefined : (JSON.parse(customizations) as { border?: string }).border
  return [note, privately, border].flatMap((text) => (text ? [JSON.stringify(text)] : []))
}

/**
 * Rows, pictures and marks of others that lie on a device whose account may not see them.
 * @param judged owners about whom it may be asked just now
 */
export function* checkHeld(
  device: SimDevice,
  viewer: string,
  facts: Facts,
  judged: (owner: string) => boolean = () => true,
): Iterable<string> {
  const { feeds, syncs, pictures } = device.disk.records
  const friends = friendsOf(facts, viewer)
  const found = [...feeds.keys(), ...syncs.keys(), ...Array.from(pictures.keys(), (key) => dexFeed(key.split('/')[0] ?? ''))]
  const may = new Set(['catalogue', accountFeed(viewer), dexFeed(viewer), ...friends.map(dexFeed)])
  for (const feed of new Set(found)) {
    if (!may.has(feed) && judged(dexOf(feed) ?? '')) yield `${device.name} holds something of ${feed}`
  }
  for (const owner of friends.filter(judged)) {
    for (const what of heldOf(device, owner, facts)) yield `${device.name} holds ${what} of ${owner}`
  }
  const text = textOf(device)
  const visible = new Map(friends.map((owner) => [owner, seenBy(facts, 'friends', owner)]))
  for (const row of facts.entries) {
    if (row.owner_id === viewer || visible.get(row.owner_id)?.has(row.id) || !judged(row.owner_id)) continue
    for (const words of wordsOf(row)) if (text.includes(words)) yield `${device.name} holds ${words} of ${row.id}`
  }
}

/** Items of others that lie on a device more than once: under the one that is shown lies what nobody is to read any more. */
export function* checkOnce(device: SimDevice, viewer: string, facts: Facts): Iterable<string> {
  for (const owner of friendsOf(facts, viewer)) {
    const keys = itemsOf(device, dexFeed(owner)).map(({ type, id }) => `${type}/${id}`)
    for (const key of new Set(keys)) {
      if (keys.indexOf(key) !== keys.lastIndexOf(key)) yield `${device.name} holds what ${key} of ${owner} was before`
    }
  }
}

/** An entry on a screen as it travels: nobody changes another's. */
function shownAs(entry: EntryOnScreen | undefined): object | undefined {
  if (!entry) return undefined
  const { pending, ...plain } = entry
  return pending ? { ...plain, pending } : plain
}

/** Others' dexes on a device: there, complete, and exactly as its account may see them; friendships and blocks as they are. */
export async function checkShown(device: SimDevice, viewer: string, facts: Facts): Promise<string[]> {
  const { engine } = device.program ?? {}
  if (!engine) return [`${device.name} is closed`]
  const complaints: string[] = []
  const friends = friendsOf(facts, viewer)
  const summaries = new Map(engine.dexes().map((summary) => [summary.account, summary]))
  for (const owner of friends) {
    const seen = seenBy(facts, 'friends', owner)
    const view = await engine.openDex(owner)
    for (const id of new Set([...seen.keys(), ...view.entries.keys()])) {
      const [is, meant] = [shownAs(view.entries.get(id)), seen.get(id)].map((entry) => entry && canonical(entry))
      if (is !== meant)
        complaints.push(`${device.name} shows ${owner}’s ${id} as ${is ?? 'nothing'}, not ${meant ?? 'nothing'}`)
    }
    if (!view.complete) complaints.push(`${device.name} has not got the whole dex of ${owner}`)
    view.close()
    const counted = summaries.get(owner)?.entries
    if (counted !== seen.size) complaints.push(`${device.name} counts ${counted} entries of ${owner}, not ${seen.size}`)
  }
  return [...complaints, ...(await checkPeople(device, viewer, facts))]
}

/**
 * What a device shows more finely of another's dex than its account may see: while things change it may lag behind what it is to
 * be told, but never shows a true place or hour that was taken back.
 */
export async function checkFiner({ name, program }: SimDevice, owner: string, facts: Facts): Promise<string[]> {
  const view = await program?.engine.openDex(owner)
  const seen = seenBy(facts, 'friends', owner)
  const truths = new Map(facts.entries.filter((row) => row.owner_id === owner).map((row) => [row.id, row]))
  const finer = [...(view?.entries.values() ?? [])].filter(({ id, place, observed }) => {
    const meant = seen.get(id) as EntryOnScreen | undefined
    const { place: truth, observed: hour } = truths.get(id) ?? {}
    const isTrue = (is: object | undefined, row: string | null | undefined) =>
      is !== undefined && canonical(is) === canonical(JSON.parse(row ?? 'null'))
    const finerPlace = isTrue(place, truth) && !isTrue(meant?.place, truth)
    return finerPlace || (isTrue(observed, hour) && !isTrue(meant?.observed, hour))
  })
  view?.close()
  return finer.map(({ id }) => `${name} shows ${id} of ${owner} more finely than it may`)
}

async function checkPeople({ name, program }: SimDevice, viewer: string, facts: Facts): Promise<string[]> {
  const people = await program?.engine.openPeople()
  const mine = (pair: string): string | undefined => (pair.startsWith(`${viewer} `) ? pair.split(' ')[1] : undefined)
  const standings = [...facts.standings].flatMap(([pair, state]) => (mine(pair) ? [`${mine(pair)} ${state}`] : []))
  const shown = [...(people?.friends.values() ?? [])].map(({ id, state }) => `${id} ${state}`)
  const blocked = [...facts.blocks].flatMap((pair) => mine(pair) ?? [])
  const blocks = [...(people?.blocks.keys() ?? [])]
  people?.close()
  const complaints: string[] = []
  if (canonical(shown.sort()) !== canonical(standings.sort())) complaints.push(`${name} shows as friends: ${shown.join(', ')}`)
  if (canonical(blocks.sort()) !== canonical(blocked.sort())) complaints.push(`${name} shows as blocked: ${blocks.join(', ')}`)
  return complaints
}

/** What the server's feeds say to others is what they may see. */
export async function checkSaid({ read }: Db, facts: Facts): Promise<string[]> {
  const complaints: string[] = []
  const said = await read
    .selectFrom('feed_items as i')
    .innerJoin('feeds as f', 'f.id', 'i.feed_id')
    .select(['f.owner_id as owner', 'f.kind', 'i.item', 'i.payload'])
    .where('i.item', 'like', 'entry/%')
    .where('i.payload', 'is not', null)
    .execute()
  for (const audience of ['friends', 'public'] as const) {
    for (const owner of facts.accounts.keys()) {
      const rows = said.filter((row) => row.owner === owner && row.kind === audience)
      const is = new Map(rows.map(({ item, payload }) => [item.slice(6), canonical(JSON.parse(payload ?? '{}'))]))
      const seen = seenBy(facts, audience, owner)
      for (const id of new Set([...is.keys(), ...seen.keys()])) {
        const meant = seen.get(id) && canonical(seen.get(id))
        if (is.get(id) !== meant)
          complaints.push(`${audience} are told of ${id}: ${is.get(id) ?? 'nothing'}, not ${meant ?? 'nothing'}`)
      }
    }
  }
  for (const { owner } of said) if (!facts.accounts.has(owner)) complaints.push(`there is a feed of ${owner}, who left`)
  return complaints
}
