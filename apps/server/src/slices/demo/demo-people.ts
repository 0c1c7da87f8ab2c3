import { DEMO_ANIMALS } from './demo-animals.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Somebody of the demo, and where they are mostly out. */
export interface DemoPerson {
  readonly username: string
  readonly displayName: string
  readonly bio: string
  readonly lat: number
  readonly lon: number
  readonly region: string
  readonly spots: readonly string[]
}

const KNOWN: readonly DemoPerson[] = [
  {
    username: 'mara',
    displayName: 'Mara Lindqvist',
    bio: 'Ponds before breakfast.',
    lat: 52.44,
    lon: 13.64,
    region: 'Berlin',
    spots: ['Müggelsee', 'Tiergarten', 'Back garden'],
  },
  {
    username: 'tomas',
    displayName: 'Tomas Novak',
    bio: 'Owls, mostly heard.',
    lat: 50.09,
    lon: 14.42,
    region: 'Prague',
    spots: ['Stromovka', 'Divoká Šárka', 'Vltava bank'],
  },
  {
    username: 'aisha',
    displayName: 'Aisha Rahman',
    bio: 'Anything with six legs.',
    lat: 51.51,
    lon: -0.16,
    region: 'London',
    spots: ['Hyde Park', 'Walthamstow Wetlands', 'Balcony'],
  },
  {
    username: 'jonas',
    displayName: 'Jonas Weber',
    bio: 'Zoo season ticket, two children.',
    lat: 51.35,
    lon: 12.37,
    region: 'Leipzig',
    spots: ['Zoo', 'Auwald', 'Cospudener See'],
  },
  {
    username: 'lea',
    displayName: 'Léa Martin',
    bio: 'Tide pools and everything in them.',
    lat: 48.64,
    lon: -2.0,
    region: 'Brittany',
    spots: ['Plage du Sillon', 'Cap Fréhel', 'Harbour wall'],
  },
  {
    username: 'ines',
    displayName: 'Inês Duarte',
    bio: 'Salt pans, spring and autumn.',
    lat: 38.72,
    lon: -8.97,
    region: 'Lisbon',
    spots: ['Tejo estuary', 'Monsanto', 'Garden wall'],
  },
] as const

/** The person of a number: the first six by name, others made up around Europe. */
export function demoPerson(random: SeededRandom, at: number): DemoPerson {
  const known = KNOWN[at]
  if (known) return known
  const home = random.pick(KNOWN)
  const liked = random.pick(DEMO_ANIMALS).art.replaceAll('-', ' ')
  const name = `${liked.replace(/^./, (letter) => letter.toUpperCase())} friend ${at + 1}`
  return {
    ...home,
    username: `demo${at + 1}`,
    displayName: name,
    bio: '',
    lat: home.lat + (random.fraction() - 0.5) * 2,
    lon: home.lon + (random.fraction() - 0.5) * 2,
  }
}
