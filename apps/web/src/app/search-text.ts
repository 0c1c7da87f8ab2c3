// Addresses are read and typed by people: plain words, several values of one kind joined by commas, no JSON in them.

/** Reads the part of an address behind its `?`. A name that is there twice has both values. */
export function parseSearch(text: string): Record<string, string> {
  const search: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(text)) search[name] = search[name] ? `${search[name]},${value}` : value
  return search
}

/** Writes what `parseSearch` reads, commas as commas. What is no text or number is left out. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number'
      ? [`${encodeURIComponent(name)}=${encodeURIComponent(value).replaceAll('%2C', ',')}`]
      : [],
  )
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}
