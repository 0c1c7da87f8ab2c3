import type { Draft, Photo } from '@biologidex/client/face'
import { PIECE } from '@biologidex/client/tus'
import type { ImagePart } from '@biologidex/core/images/image'
import type { Json } from '@biologidex/core/json'
import { LIMITS } from '@biologidex/core/limits'
import type { FieldChange } from '@biologidex/core/sync/mutation'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { Chance } from './chance.ts'
import { type SimDevice, sha256Of } from './device.ts'
import type { Household } from './household.ts'
import type { Ledger } from './ledger.ts'
import { EDITED, type EditedField, shown, Values } from './values.ts'
import type { World } from './world.ts'

const short = (id: string): string => id.slice(0, 6)
const set = (to: Json): FieldChange => ({ to })

/** The person: does with a device what its screens allow, and has everything written down in the ledger. */
export class Person {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #chance: Chance
  readonly #values: Values
  readonly #deleted = new Map<SimDevice, { readonly id: string; readonly step: number }[]>()
  #photos: Buffer[] = []

  readonly #account: string
  /** How often a photo is so large that it goes up in two pieces, from 0 to 1. */
  largePhotos = 0.05

  /** @param name tells apart what several of them draw in one world */
  constructor(world: World, name = 'person', { account, ledger }: Household = world.home) {
    this.#world = world
    this.#account = account
    this.#ledger = ledger
    this.#chance = world.chance.fork(name)
    this.#values = new Values(world.chance.fork(`${name}’s values`), name)
  }

  /** Entries on a device's screen, in an order that does not depend on how they came. */
  entries(device: SimDevice): EntryOnScreen[] {
    return [...(device.program?.dex.entries.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Keeps a sighting; `photos` of it. Answers the entry's id. */
  create(device: SimDevice, photos: number, known?: 'animal' | 'common' | 'later'): string {
    const id = this.#chance.uuid()
    const kind = known ?? this.#chance.weighted({ animal: 5, common: 1, later: 2 })
    const visibility = this.#values.of('visibility', undefined, [])
    const fields: Record<string, FieldChange> = { note: set(this.#values.text('note')), visibility: set(visibility) }
    if (kind === 'animal') fields.animal = set(this.#values.animal(this.#known(device)))
    for (const field of ['place', 'observed', 'privateNote'] as const) {
      if (this.#chance.happens(0.4)) fields[field] = set(this.#values.of(field, undefined, []))
    }
    if (kind === 'common' || this.#chance.happens(0.6)) fields.identifications = this.#mark()
    const taken = Array.from({ length: photos }, () => this.#photo(id))
    const drafts: Draft[] = [{ type: 'entry', id, op: 'create', set: fields }, ...taken.map(({ draft }) => draft)]
    this.#do(
      device,
      `creates ${short(id)} (${kind}${photos ? `, ${photos} photos` : ''})`,
      drafts,
      taken.map(({ photo }) => photo),
    )
    return id
  }

  /** Edits fields of an entry on the screen. */
  edit(device: SimDevice, entry: EntryOnScreen, fields: readonly EditedField[]): void {
    const changes = fields.map((field): [string, FieldChange] => {
      const to = this.#values.of(field, entry, this.#known(device))
      return [field, { was: shown(entry, field), to }]
    })
    if (this.#chance.happens(0.6)) changes.push(['identifications', this.#mark()])
    const draft: Draft = { type: 'entry', id: entry.id, op: 'update', set: Object.fromEntries(changes) }
    this.#do(device, `edits ${fields.join(', ')} of ${short(entry.id)}`, [draft], [], entry)
  }

  /** Draws one or two fields to edit; the texts that everybody edits most often. */
  fields(): EditedField[] {
    const drawn = [
      this.#chance.pick<EditedField>(['note', 'note', 'privateNote', 'place', ...EDITED]),
      this.#chance.pick(EDITED),
    ]
    return this.#chance.happens(0.7) ? drawn.slice(0, 1) : [...new Set(drawn)]
  }

  addPhoto(device: SimDevice, entry: EntryOnScreen): void {
    if ((entry.images?.length ?? 0) > LIMITS.imagesPerEntry / 2) return
    const { draft, photo } = this.#photo(entry.id)
    this.#do(device, `adds a photo to ${short(entry.id)}`, [draft], [photo], entry)
  }

  delete(device: SimDevice, entry: EntryOnScreen): void {
    this.#deleted.set(device, [...(this.#deleted.get(device) ?? []), { id: entry.id, step: this.#world.step }])
    this.#do(device, `deletes ${short(entry.id)}`, [{ type: 'entry', id: entry.id, op: 'delete' }], [], entry)
  }

  /** Takes a deletion of this device back. */
  restore(device: SimDevice): void {
    const { id, step } = this.#deleted.get(device)?.pop() ?? { id: '', step: 0 }
    // A device that is as it was before knows of no deletion to take back.
    if (!id || step <= this.#ledger.returned(device.name) || device.program?.dex.entries.has(id)) return
    this.#do(device, `restores ${short(id)}`, [{ type: 'entry', id, op: 'restore' }], [])
  }

  /** Settles a clash: for what stands, for what lost, or for both texts. */
  resolve(device: SimDevice): void {
    const conflicts = [...(device.program?.dex.conflicts.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1))
    const conflict = conflicts.length > 0 ? this.#chance.pick(conflicts) : undefined
    const entry = conflict && device.program?.dex.entries.get(conflict.entry)
    if (!conflict || !entry) return
    const { id, field, lost } = conflict
    const was = shown(entry, field)
    const both = typeof was === 'string' && typeof lost === 'string' && /note|alt$/i.test(field)
    const choice = this.#chance.pick(['stands', 'lost', 'both'] as const)
    const to = choice === 'both' && both ? `${was}\n\n${lost}` : lost
    const [, image, name = field] = field.split('/')
    const about = image ? ({ type: 'image', id: image } as const) : ({ type: 'entry', id: entry.id } as const)
    const chosen: Draft[] = choice === 'stands' ? [] : [{ ...about, op: 'update', set: { [name]: { was, to } } }]
    const drafts: Draft[] = [...chosen, { type: 'conflict', id, op: 'delete' }]
    const deed = this.#do(device, `settles ${field} of ${short(entry.id)} for ${choice}`, drafts, [], entry)
    if (deed) this.#ledger.settlements.push({ deed, conflict: id, entry: entry.id, field, lost })
  }

  /** Describes a picture of an entry, the first one, as most do. */
  describe(device: SimDevice, entry: EntryOnScreen): void {
    const [image] = entry.images ?? []
    if (image) this.#describe(device, entry, image)
  }

  #describe(device: SimDevice, entry: EntryOnScreen, { id, alt }: ImagePart): void {
    const set = { alt: { was: alt ?? null, to: this.#values.text('description') } }
    this.#arrange(device, `describes the photo ${short(id)} of`, entry, [{ type: 'image', id, op: 'update', set }])
  }

  /** Does something with the pictures of an entry. */
  arrange(device: SimDevice, entry: EntryOnScreen): void {
    const image = entry.images?.length ? this.#chance.pick(entry.images) : undefined
    const gone = this.#gone(entry)
    const back = gone.length > 0 && this.#chance.happens(0.5) ? this.#chance.pick(gone) : undefined
    if (back)
      this.#arrange(device, `brings the photo ${short(back)} back to`, entry, [{ type: 'image', id: back, op: 'restore' }])
    else if (image) this.#change(device, entry, image)
  }

  #change(device: SimDevice, entry: EntryOnScreen, image: ImagePart): void {
    const { id, position = 0 } = image
    const way = this.#chance.weighted({ remove: 3, replace: 2, move: 2, describe: 3, choose: 1 })
    const what = `${way}s the photo ${short(id)} of`
    const arrange = (drafts: Draft[], photos: Photo[] = []) => this.#arrange(device, what, entry, drafts, photos)
    if (way === 'describe') this.#describe(device, entry, image)
    else if (way === 'remove') arrange([{ type: 'image', id, op: 'delete' }])
    else if (way === 'move') {
      arrange([{ type: 'image', id, op: 'update', set: { position: { was: position, to: this.#chance.between(0, 99) } } }])
    } else if (way === 'choose') {
      const set = { primaryImage: { was: entry.primaryImage ?? null, to: id } }
      arrange([{ type: 'entry', id: entry.id, op: 'update', set }])
    } else {
      const { draft, photo } = this.#photo(entry.id, position)
      arrange([draft, { type: 'image', id, op: 'delete' }], [photo])
    }
  }

  /** The mark goes first: an entry that was deleted elsewhere is there again when its pictures' turn comes. */
  #arrange(device: SimDevice, what: string, entry: EntryOnScreen, drafts: Draft[], photos: Photo[] = []): void {
    const mark: Draft = { type: 'entry', id: entry.id, op: 'update', set: { identifications: this.#mark() } }
    this.#do(device, `${what} ${short(entry.id)}`, [mark, ...drafts], photos, entry)
  }

  /** Pictures of an entry that were removed, here or elsewhere, and are not on its screen. */
  #gone(entry: EntryOnScreen): string[] {
    const there = new Set(entry.images?.map(({ id }) => id))
    const taken = this.#ledger.photos().filter((photo) => photo.entry === entry.id && !there.has(photo.image))
    const removed = new Set(this.#ledger.kept().flatMap(({ draft }) => (draft.op === 'delete' ? [draft.id] : [])))
    return taken.map(({ image }) => image).filter((image) => removed.has(image))
  }

  /** Looks at a picture, and finds the bytes that the entry promises. */
  look(device: SimDevice): void {
    const ready = this.entries(device).flatMap((entry) =>
      (entry.images ?? []).flatMap((image) => (image.renditions?.wall ? [{ entry, image, wall: image.renditions.wall }] : [])),
    )
    if (ready.length === 0 || !device.program) return
    const { entry, image, wall } = this.#chance.pick(ready)
    const dex = this.#account
    const at = { dex, entry: entry.id, image: image.id, rendition: 'wall', sha256: wall.sha256 } as const
    const preview = this.#ledger.photos().find((photo) => photo.image === image.id)?.previews.wall
    const meant = [wall.sha256, image.original?.sha256, preview && sha256Of(preview)]
    device.program.engine.picture(at).then(
      (bytes) => {
        if (bytes && !meant.includes(sha256Of(bytes))) this.#world.fault(`${device.name} shows another picture than was meant`)
      },
      (error: unknown) => this.#world.note(`${device.name} cannot show a picture: ${String(error)}`),
    )
  }

  /** Sends a change that was set aside once more. */
  async tryAgain(device: SimDevice): Promise<void> {
    const [first] = device.program?.engine.setAside().mutations ?? []
    if (!first || !device.program) return
    this.#world.note(`${device.name} tries ${first.type}/${short(first.id)} again`)
    const again = device.program.engine
      .retry(first.n)
      .catch((error: unknown) => this.#world.note(`it could not: ${String(error)}`))
    await this.#world.finish('trying again', Promise.race([again, device.program.life.ended]))
  }

  #known(device: SimDevice): string[] {
    return [...(device.program?.catalogue.animals.keys() ?? [])].sort()
  }

  /** An identification that nobody else made: shows on every screen that has the change. */
  #mark(): FieldChange {
    const id = this.#chance.uuid()
    return { add: [{ id, at: this.#world.clock.now(), by: 'Ada', text: this.#values.text('identification') }] }
  }

  /** So much that the photo goes up in two pieces, or little. */
  #tail(): Buffer {
    const large = this.#chance.happens(this.largePhotos)
    const mark = this.#chance.bytes(this.#chance.pick([1, 8, 400]))
    return large ? Buffer.concat([Buffer.alloc(PIECE), mark]) : mark
  }

  /** A photo, now and then one that was taken before. */
  #photo(entry: string, position?: number): { draft: Draft; photo: Photo } {
    const base = this.#chance.pick(this.#world.template.pictures)
    const again = this.#photos.length > 0 && this.#chance.happens(0.2)
    // Bytes after a picture's end: of other content, and decoded alike.
    const tail = this.#tail()
    const original = again ? this.#chance.pick(this.#photos) : Buffer.concat([base.bytes, tail])
    this.#photos.push(original)
    const mediaType = original[0] === 0x89 ? 'image/png' : 'image/jpeg'
    const sha256 = sha256Of(original)
    const image = this.#chance.uuid()
    const fields = { entry: set(entry), sha256: set(sha256), size: set(original.length), mediaType: set(mediaType) }
    const previews = this.#chance.happens(0.5) ? { wall: this.#chance.bytes(20) } : {}
    return {
      draft: { type: 'image', id: image, op: 'create', set: { ...fields, position: set(position ?? this.#photos.length) } },
      photo: { image, entry, original, mediaType, sha256, previews },
    }
  }

  /** Hands a change to the program, and writes down what it said. */
  #do(device: SimDevice, what: string, drafts: Draft[], photos: Photo[], entry?: EntryOnScreen) {
    const { program } = device
    if (!program) return undefined
    const world = this.#world
    world.note(`${device.name} ${what}`)
    const saw = new Set(entry?.identifications?.map(({ id }) => id))
    const began = world.step
    const deed = this.#ledger.begin({ device: device.name, drafts, photos, saw, next: device.next(), began })
    const judge = () => this.#ledger.judge(deed, device.outbox(), world.step)
    program.engine.mutate(drafts, photos).then(() => this.#ledger.acknowledged(deed, world.step), judge)
    void program.life.ended.then(judge)
    return deed
  }
}
