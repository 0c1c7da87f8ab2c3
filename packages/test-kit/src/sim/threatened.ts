interface Animal {
  readonly id: string
  readonly scientific_name: string
  readonly iucn: string | null
}

/**
 * IUCN letters of each animal, written down from privacy.md anew: a subspecies of which nothing is known is as threatened as its species.
 * @param keys animals by the keys of their names
 */
export function categories(animals: readonly Animal[], keys: ReadonlyMap<string, string>): Map<string, string | null> {
  const own = new Map(animals.map(({ id, iucn }) => [id, iucn]))
  const speciesOf = ({ scientific_name: name }: Animal) => {
    const [genus, epithet, lower] = name.toLowerCase().split(' ')
    return lower ? own.get(keys.get(`${genus} ${epithet}`) ?? '') : undefined
  }
  return new Map(animals.map((animal) => [animal.id, animal.iucn ?? speciesOf(animal) ?? null]))
}
