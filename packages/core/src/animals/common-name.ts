// Apart from the schemas, so that a screen that only shows names does not bring the schema library with it.
interface Named {
  readonly names?: Readonly<Record<string, readonly string[]>> | undefined
}

/** The usual common name in the reader's language, else in English, else any; undefined when none is known. */
export function commonName(animal: Named, language: string): string | undefined {
  const names = animal.names
  if (!names) return undefined
  return names[language]?.[0] ?? names.en?.[0] ?? Object.values(names).find((list) => list.length > 0)?.[0]
}

/** True when a record has no common name for its animal. */
export const isNameless = ({ names }: Named): boolean => Object.keys(names ?? {}).length === 0
