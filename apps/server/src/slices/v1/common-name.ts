import type { AnimalItem } from '@biologidex/core/animals/animal'

/** v1 has one common name: the English one, else the first there is. */
export const commonNameOf = ({ names }: Pick<AnimalItem, 'names'>): string =>
  names?.en?.[0] ?? Object.values(names ?? {})[0]?.[0] ?? ''
