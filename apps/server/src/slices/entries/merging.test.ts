import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '@biologidex/core/json'
import type { FieldChange, Mutation } from '@biologidex/core/sync/mutation'
import { dexFeed } from '@biologidex/core/sync/wire'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { fold, newDevice, syncContext, TestDevice } from '@biologidex/test-kit/dex'
import fc from 'fast-check'
import { expect, test } from 'vitest'

type Fields = Record<string, Json>
type Shown = Record<string, unknown>

const DEVICES = 3
const OUTINGS = [randomUUID(), randomUUID()]
const NARROW = ['private', 'friends', 'public']

const flag = fc.constantFrom<Json>(true, false, null)
const typed = fc.stringMatching(/^[a-z]{4,9}$/)
/** What each field may be set to: unset in all its forms, and values that are the same though written otherwise. */
const VALUES: Record<string, fc.Arbitrary<Json>> = {
  note: fc.oneof(typed, fc.constantFrom<Json>('', null, 'same')),
  privateNote: fc.oneof(typed, fc.constantFrom<Json>('', null)),
  captive: flag,
  favourite: flag,
  count: fc.constantFrom<Json>(null, 1, 2),
  visibility: fc.constantFrom<Json>(...NARROW),
  place: fc.constantFrom<Json>(null, { lat: 1, lon: 2 }, { lon: 2, lat: 1 }, { lat: 1, lon: 2, name: 'gate' }),
  observed: fc.constantFrom<Json>(null, { at: '2026' }, { at: '2026-09-14T07:10', zone: 120 }),
  outing: fc.constantFrom<Json>(null, ...OUTINGS),
  customizations: fc.constantFrom<Json>(null, { tint: 'green', size: [1] }, { size: [1], tint: 'green' }, { tint: 'red' }),
}
const change = fc.oneof(...Object.entries(VALUES).map(([field, value]) => value.map((to) => ({ field, to }))))
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('edit' as const), on: fc.nat(DEVICES - 1), change }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sync' as const), on: fc.nat(DEVICES - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('said' as const), on: fc.nat(DEVICES - 1), text: typed }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unsaid' as const), on: fc.nat(DEVICES - 1), which: fc.nat(5) }) },
)

const unset = (value: unknown): boolean => value === undefined || value === null || value === '' || value === false
const alike = (a: unknown, b: unknown): boolean => (unset(a) && unset(b)) || isDeepStrictEqual(a, b)

/** The rule O4 once more, as plainly as it can be said. */
class Model {
  readonly fields: Fields = { visibility: 'friends' }
  readonly lost: { field: string; lost: Json }[] = []
  readonly said = new Map<string, string>()

  take({ set = {} }: Mutation): string[] {
    const clashes: string[] = []
    for (const [field, change] of Object.entries(set)) {
      if (!('to' in change)) {
        for (const id of change.remove ?? []) this.said.delete(id)
        for (const one of (change.add ?? []) as { id: string; text: string }[]) this.said.set(one.id, one.text)
        continue
      }
      const [now, { was, to }] = [this.fields[field], change]
      if (alike(now, to)) continue
      const narrower = NARROW[Math.min(NARROW.indexOf(now as string), NARROW.indexOf(to as string))] as Json
      if (alike(now, was)) this.fields[field] = to
      else if (field === 'visibility') this.fields[field] = narrower
      else {
        this.lost.push({ field, lost: to })
        clashes.push(field)
      }
    }
    return clashes
  }
}

/** A device as the engine keeps it: what it saw last, with its own changes over it, and those that wait. */
class Hand {
  readonly device: TestDevice
  readonly entry: string
  view: Shown = { visibility: 'friends' }
  waiting: Mutation[] = []

  constructor(device: TestDevice, entry: string) {
    this.device = device
    this.entry = entry
  }

  edit(set: Record<string, FieldChange>): void {
    this.waiting.push(this.device.change('entry', this.entry, 'update', set))
  }

  set(field: string, to: Json): void {
    this.edit({ [field]: { was: (this.view[field] ?? null) as Json, to } })
    this.view = { ...this.view, [field]: to }
  }

  /** Answers what the server said of each change, and what the model says. */
  async push(model: Model): Promise<[unknown, unknown][]> {
    const sent = this.waiting.splice(0)
    const results = sent.length > 0 ? await this.device.push(sent) : []
    return sent.map((mutation, i) => {
      const { n } = mutation
      const conflicts = model.take(mutation)
      return [results[i], { n, status: 'done', seq: results[i]?.seq, ...(conflicts.length > 0 ? { conflicts } : {}) }]
    })
  }

  async pull(): Promise<Map<string, Shown>> {
    const all = fold(new Map(), await this.device.pull(), dexFeed(this.device.account)) as Map<string, Shown>
    this.view = all.get(`entry/${this.entry}`) ?? {}
    return all
  }
}

eachDatabase((_name, databases) => {
  test('O4: several devices, every field: the server does what the rule says, and nothing typed is ever lost', async () => {
    const ctx = await syncContext(await databases.open())
    const first = await newDevice(ctx)
    await first.push(OUTINGS.map((id) => first.change('outing', id, 'create')))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), async (steps) => {
        const entry = randomUUID()
        await first.push([first.change('entry', entry, 'create', { visibility: { to: 'friends' } })])
        const model = new Model()
        const hands = Array.from({ length: DEVICES }, () => new Hand(new TestDevice(ctx, first.account), entry))
        const texts: string[] = []
        const sync = async (hand: Hand) => {
          for (const [said, expected] of await hand.push(model)) expect(said).toEqual(expected)
          return hand.pull()
        }
        for (const one of steps) {
          const hand = hands.at(one.on)
          if (!hand) continue
          if (one.kind === 'sync') await sync(hand)
          else if (one.kind === 'edit') {
            hand.set(one.change.field, one.change.to)
            if (/note/i.test(one.change.field) && one.change.to) texts.push(String(one.change.to))
          } else if (one.kind === 'said') {
            hand.edit({ identifications: { add: [{ id: randomUUID(), at: 1, by: 'Mara', text: one.text }] } })
          } else {
            const known = (hand.view.identifications ?? []) as { id: string }[]
            const gone = known[one.which % Math.max(1, known.length)]
            if (gone) hand.edit({ identifications: { remove: [gone.id] } })
          }
        }
        for (const hand of hands) await sync(hand)
        const all = await new Hand(first, entry).pull()
        const shown = all.get(`entry/${entry}`) ?? {}
        for (const [field, value] of Object.entries(model.fields))
          expect([field, alike(shown[field], value)]).toEqual([field, true])
        const said = ((shown.identifications ?? []) as { id: string; text: string }[]).map(({ id, text }) => [id, text])
        expect(said).toEqual([...model.said])
        const clashes = [...all.values()].filter((item) => item.type === 'conflict' && item.entry === entry)
        const byText = (a: { field: string; lost: Json }, b: { field: string; lost: Json }) =>
          JSON.stringify([a.field, a.lost]) < JSON.stringify([b.field, b.lost]) ? -1 : 1
        const kept = clashes.map(({ field, lost }) => ({ field: String(field), lost: lost as Json })).sort(byText)
        expect(kept).toEqual(model.lost.sort(byText))
        const found = new Set<unknown>([shown.note, shown.privateNote, ...model.lost.map(({ lost }) => lost)])
        const rows = await ctx.db.read.selectFrom('revisions').select('changes').where('entry_id', '=', entry).execute()
        for (const { to } of rows.flatMap((row) => JSON.parse(row.changes) as { to?: Json }[])) found.add(to)
        for (const text of texts) expect(found).toContain(text)
      }),
      { numRuns: 15 },
    )
  })
})
