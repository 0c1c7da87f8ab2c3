import type { AnimalItem } from '@biologidex/core/animals/animal'

/** The classes that the wall can be narrowed to, as people would list them: what most of them meet comes first. */
export const CLASSES = [
  'aves',
  'mammalia',
  'insecta',
  'arachnida',
  'amphibia',
  'reptilia',
  'actinopterygii',
  'chondrichthyes',
  'petromyzonti',
  'actinistia',
  'gastropoda',
  'bivalvia',
  'cephalopoda',
  'polyplacophora',
  'malacostraca',
  'branchiopoda',
  'thecostraca',
  'merostomata',
  'chilopoda',
  'diplopoda',
  'symphyla',
  'collembola',
  'clitellata',
  'polychaeta',
  'asteroidea',
  'ophiuroidea',
  'echinoidea',
  'holothuroidea',
  'scyphozoa',
  'cubozoa',
  'hydrozoa',
  'anthozoa',
  'tentaculata',
  'demospongiae',
  'ascidiacea',
  'trematoda',
  'other',
] as const
export type AnimalClass = (typeof CLASSES)[number]

/** What other systems call a class of the list. */
const ALIASES: Readonly<Record<string, AnimalClass>> = {
  teleostei: 'actinopterygii',
  actinopteri: 'actinopterygii',
  elasmobranchii: 'chondrichthyes',
  holocephali: 'chondrichthyes',
  oligochaeta: 'clitellata',
  hirudinea: 'clitellata',
  squamata: 'reptilia',
  testudines: 'reptilia',
  crocodylia: 'reptilia',
}

const KNOWN: ReadonlyMap<string, AnimalClass> = new Map([
  ...CLASSES.map((one) => [one, one] as const),
  ...Object.entries(ALIASES),
])

/** The class of an animal; `other` for a class that the list does not have, and for one that nobody has said. */
export function classOf(animal: AnimalItem | undefined): AnimalClass {
  if (!animal) return 'other'
  const known = classes.get(animal) ?? classFrom(animal)
  classes.set(animal, known)
  return known
}

const classes = new WeakMap<AnimalItem, AnimalClass>()

function classFrom(animal: AnimalItem): AnimalClass {
  // The record of a whole class (or of one that has no rank of its own above it) is that class.
  const said = animal.ranks?.class ?? (animal.rank === 'class' ? animal.scientificName : '')
  return KNOWN.get(said.toLowerCase()) ?? 'other'
}
