import type { AnimalItem } from '@biologidex/core/animals/animal'
import { commonName } from '@biologidex/core/animals/animal'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { readerLanguage } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'

/** What an entry's animal is called. All absent: it has no name yet. */
export interface Naming {
  readonly animal?: AnimalItem | undefined
  readonly name?: string | undefined
  readonly latin?: string | undefined
}

/** The names of an entry's animal: of its record, or as they were typed. `own` is a name of the person's own. */
export function namingOf(
  entry: EntryOnScreen,
  animal: AnimalItem | undefined,
  own: string | undefined,
  language: string,
): Naming {
  if (animal) return { animal, name: commonName(animal, language), latin: animal.scientificName }
  if (entry.typedAnimal) return { name: entry.typedAnimal.commonName, latin: entry.typedAnimal.scientificName }
  return { name: own }
}

export function useNaming(entry: EntryOnScreen, own: string | undefined): Naming {
  const { animal } = useDex()
  return namingOf(entry, entry.animal === undefined ? undefined : animal(entry.animal), own, readerLanguage())
}
