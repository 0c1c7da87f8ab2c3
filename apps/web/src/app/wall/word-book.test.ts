import { fold } from '@biologidex/core/animals/search'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from './facts.ts'
import { animal, anyFacts, entry, factsOf, uuid } from './test-facts.ts'
import { Finder, linesFor, typedNumber, WordBook } from './word-book.ts'

const moose = animal(1, 42, 'Alces alces', 'Moose')
const owl = animal(3, 50, 'Asio otus', 'Long-eared owl')
const horse = animal(6, 142, 'Equus przewalskii', "Przewalski's horse", { synonyms: ['Equus ferus'] })
const walks = new Map([[uuid(7), 'Night walk, Sjöbo']])
const facts = factsOf(
  [
    entry({ animal: moose.id, note: 'By the pond. Drank 42 litres?', privateNote: 'Grandma’s meadow' }),
    entry({ animal: owl.id, place: { lat: 1, lon: 1, name: 'Øresund', region: 'Skåne' } }),
    entry({ animal: horse.id, outing: uuid(7) }),
    entry({ identifications: [{ id: uuid(9), at: 1, by: 'mara', text: 'some striped bug' }] }),
    entry({ typedAnimal: { scientificName: 'Felis catus', commonName: 'ネコの子' } }),
  ],
  [moose, owl, horse],
)
const find = (all: readonly Facts[], query: string, outing?: (id: string) => string | undefined, book = new WordBook()) =>
  new Finder().find(all, query, () => linesFor(all, book, outing))
const found = (query: string) => find(facts, query, (id) => walks.get(id)).map(({ name }) => name)

describe('searching the wall', () => {
  it('finds by common, scientific and other names, at the start of their words, whatever the case and accents', () => {
    expect(found('MOO')).toEqual(['Moose'])
    expect(found('alces')).toEqual(['Moose'])
    expect(found('eared otus')).toEqual(['Long-eared owl'])
    expect(found('long-eared')).toEqual(['Long-eared owl'])
    expect(found('de moose')).toEqual(['Moose'])
    expect(found('ferus')).toEqual(["Przewalski's horse"])
    expect(found('przewalskis')).toEqual(["Przewalski's horse"])
    expect(found('strip')).toEqual(['some striped bug'])
    expect(found('oose')).toEqual([])
  })

  it('finds by both notes, the place and the outing, and by words from several of them', () => {
    expect(found('pond')).toEqual(['Moose'])
    expect(found('grandmas mea')).toEqual(['Moose'])
    expect(found('oresund')).toEqual(['Long-eared owl'])
    expect(found('skane owl')).toEqual(['Long-eared owl'])
    expect(found('sjobo night horse')).toEqual(["Przewalski's horse"])
  })

  it('finds by number however it is written, and by the number alone where its sign is typed', () => {
    expect(found('0042')).toEqual(['Moose'])
    expect(found('50')).toEqual(['Long-eared owl'])
    expect(found('42')).toEqual(['Moose'])
    expect(found('litres 42')).toEqual(['Moose'])
    expect(found('No. 14')).toEqual(["Przewalski's horse"])
    expect(found('#0050')).toEqual(['Long-eared owl'])
    expect(typedNumber('fox 42')).toBeUndefined()
  })

  it('finds anywhere in a line of a script that parts no words', () => {
    expect(found('子')).toEqual(['ネコの子'])
  })

  it('finds everything with nothing typed, and nothing but marks is nothing', () => {
    expect(found('  ')).toHaveLength(5)
    expect(found('?!')).toHaveLength(5)
  })

  it('knows an outing by its name of today', () => {
    const book = new WordBook()
    expect(find(facts, 'night', () => 'Day walk', book)).toEqual([])
    expect(find(facts, 'night', () => 'Night walk', book)).toHaveLength(1)
  })

  it('is what one finds by reading every word of every entry', () => {
    const words = (text: string) =>
      fold(text)
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean)
    const all = ({ entry: one, animal: known }: Facts) => {
      const names = known ? [known.scientificName, ...Object.values(known.names ?? {}).flat(), String(known.number ?? '')] : []
      const typed = [one.typedAnimal?.scientificName, one.typedAnimal?.commonName]
      const padded = known?.number === undefined ? '' : String(known.number).padStart(4, '0')
      return [...names, ...typed, padded, one.note, one.place?.name].flatMap((text) => words(text ?? ''))
    }
    const queries = fc.constantFrom('m', 'moose', 'alces po', 'cafe', '42', '4 o', 'ale har', 'e', 'new NOVA', '007', 'x')
    fc.assert(
      fc.property(anyFacts(12), queries, (some, query) => {
        const naive = some.filter((one) => words(query).every((word) => all(one).some((other) => other.startsWith(word))))
        expect(find(some, query)).toEqual(naive)
      }),
    )
  })

  it('finds the same letter by letter as at once, whatever is typed and taken back', () => {
    const typed = fc.array(
      fc.constantFrom('m', 'mo', 'moo', 'moos', 'a', 'al', 'al p', 'al po', '4', '42', '42 o', '', 'c', 'ネ', 'cネ'),
    )
    fc.assert(
      fc.property(anyFacts(12), typed, (some, queries) => {
        const [finder, lines] = [new Finder(), linesFor(some, new WordBook())]
        for (const query of queries) expect(finder.find(some, query, () => lines)).toEqual(find(some, query))
      }),
    )
  })
})
