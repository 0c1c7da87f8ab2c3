import type { AnimalItem, AnimalRef } from '@biologidex/core/animals/animal'
import { commonName } from '@biologidex/core/animals/animal'
import { nameKey } from '@biologidex/core/animals/names'

/** What a person says an animal is. */
export type AnimalChoice =
  | { readonly kind: 'known'; readonly animal: AnimalItem }
  /** A scientific name that nobody here knows yet. */
  | { readonly kind: 'typed'; readonly scientificName: string; readonly commonName?: string | undefined }
  /** A name of their own, to be told apart later. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unsure' }

/** One key for each animal, so that the same choice from two lists is one. */
export function choiceKey(choice: AnimalChoice): string {
  if (choice.kind === 'known') return `animal/${choice.animal.id}`
  if (choice.kind === 'typed') return `typed/${nameKey(choice.scientificName) ?? choice.scientificName}`
  return choice.kind === 'text' ? `text/${choice.text}` : 'unsure'
}

/** The name to show, and the scientific one under it where there is one beside it. Both absent: not sure. */
export function namesOf(choice: AnimalChoice, language: string): { readonly name?: string; readonly latin?: string } {
  if (choice.kind === 'unsure') return {}
  if (choice.kind === 'text') return { name: choice.text }
  const latin = choice.kind === 'known' ? choice.animal.scientificName : choice.scientificName
  const name = choice.kind === 'known' ? commonName(choice.animal, language) : choice.commonName
  return name ? { name, latin } : { latin }
}

/** How a change names the chosen animal; null when it names none. */
export function refOf(choice: AnimalChoice, language: string): AnimalRef | null {
  if (choice.kind === 'known') return { id: choice.animal.id }
  if (choice.kind !== 'typed') return null
  const name = choice.commonName?.trim()
  return { scientificName: choice.scientificName, ...(name ? { commonName: name, language } : {}) }
}
