import type { FieldChange } from '@biologidex/core/sync/mutation'
import { DEMO_ANIMALS, type DemoAnimal } from './demo-animals.ts'
import type { DemoPerson } from './demo-people.ts'
import type { DemoPhoto } from './demo-photos.ts'
import type { SeededRandom } from './seeded-random.ts'

const NOTES = [
  'Crossed the path right in front of me, stopped, looked back, and went on.',
  'Two of them, quite near, not shy at all.',
  'Heard first, then seen in the upper branches.',
  'Feeding its young.',
  'Same one as last week? It had the pale mark on the left.',
  'Only for a moment, between two showers.',
  'Sat still for a quarter of an hour. So did we.',
]
const PRIVATE_NOTES = ['The nest is behind the third post.', 'Ask the warden before coming back.', 'Gate code on the map.']
const DAY_MS = 24 * 60 * 60 * 1000
/** Three years, the same ones whenever the demo is made. */
const FIRST_DAY = Date.UTC(2023, 6, 1)
const DAYS = 3 * 365

/** One sighting of the demo: the fields of its entry, and what its picture shows. */
export interface DemoSighting {
  readonly entry: string
  readonly image: string
  readonly animal: DemoAnimal
  readonly set: Readonly<Record<string, FieldChange>>
}

function visibilityOf(random: SeededRandom): string {
  const share = random.fraction()
  if (share < 0.2) return 'private'
  return share < 0.7 ? 'friends' : 'public'
}

const hundredThousandth = (degrees: number): number => Math.round(degrees * 1e5) / 1e5

function placeOf(random: SeededRandom, { lat, lon, region, spots }: DemoPerson) {
  return {
    lat: hundredThousandth(lat + (random.fraction() - 0.5) * 0.4),
    lon: hundredThousandth(lon + (random.fraction() - 0.5) * 0.4),
    accuracy: random.whole(4, 60),
    name: random.pick(spots),
    region,
  }
}

/** A photograph of what is known to its family only has no animal yet: its entry waits to be named. */
function namedBy({ latin, common }: DemoPhoto): Record<string, FieldChange> {
  if (!latin.includes(' ')) return {}
  return { animal: { to: { scientificName: latin, commonName: common, language: 'en' } } }
}

/** What somebody met once. @param photo a photograph to show instead of a drawing, with its credit as the note */
export function demoSighting(random: SeededRandom, person: DemoPerson, photo?: DemoPhoto): DemoSighting {
  const [entry, image, animal] = [random.uuid(), random.uuid(), random.pick(DEMO_ANIMALS)]
  const seen = new Date(FIRST_DAY + random.whole(0, DAYS) * DAY_MS + random.whole(5 * 60, 21 * 60) * 60_000)
  const set: Record<string, FieldChange> = {
    ...(photo ? namedBy(photo) : { animal: { to: { scientificName: animal.latin } } }),
    observed: { to: { at: seen.toISOString().slice(0, 16), zone: 60 } },
    place: { to: placeOf(random, person) },
    visibility: { to: photo ? 'friends' : visibilityOf(random) },
  }
  if (photo) set.note = { to: photo.credit }
  else if (random.fraction() < 0.5) set.note = { to: random.pick(NOTES) }
  if (random.fraction() < 0.1) set.privateNote = { to: random.pick(PRIVATE_NOTES) }
  if (random.fraction() < 0.12) set.favourite = { to: true }
  if (random.fraction() < 0.2) set.count = { to: random.whole(2, 12) }
  if (photo || animal.land === 'sand') set.captive = { to: true }
  return { entry, image, animal, set }
}
