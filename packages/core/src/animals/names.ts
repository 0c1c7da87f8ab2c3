/**
 * Scientific names as keys. `Alces alces (Linnaeus, 1758)`, ` alces  ALCES ` and `Alces alces` are one animal.
 * Authorship, year, subgenus in brackets and rank markers are left out; what remains is genus and epithets.
 */
const MARKERS = new Set(['subsp.', 'ssp.', 'subsp', 'ssp', 'var.', 'f.', 'cf.', 'aff.', 'x', '×'])
const EPITHET = /^[\p{Ll}][\p{Ll}-]*$/u

/** The words of a scientific name, genus capitalised; undefined when the text is not of that form. */
function words(text: string): string[] | undefined {
  const parts = text.normalize('NFKC').trim().split(/\s+/u).filter(Boolean)
  const [first, ...rest] = parts
  if (!first || !/^\p{L}[\p{L}-]+$/u.test(first)) return undefined
  const upper = (part: string | undefined) => part !== undefined && part === part.toUpperCase()
  const shouting = parts.every(upper)
  // The author of a shouted name may be written as names are: ALCES ALCES (Linnaeus, 1758).
  const shoutedPair = upper(first) && upper(rest[0])
  const kept: string[] = []
  for (const part of rest) {
    const word = shouting || (shoutedPair && part === rest[0]) ? part.toLowerCase() : part
    if (MARKERS.has(word.toLowerCase())) continue
    if (/^\(\p{L}+\)$/u.test(word) && kept.length === 0) continue
    if (!EPITHET.test(word)) {
      // A name typed in capitals throughout ("Alces Alces") is still a name; a capital after an epithet is its author.
      if (kept.length === 0 && /^\p{Lu}[\p{Ll}-]+$/u.test(word) && word.toLowerCase() === first.toLowerCase()) {
        kept.push(word.toLowerCase())
        continue
      }
      break
    }
    kept.push(word)
    if (kept.length === 2) break
  }
  return [first.charAt(0).toUpperCase() + first.slice(1).toLowerCase(), ...kept]
}

/**
 * The name as it is written: `Alces alces`. Undefined when the text cannot be a scientific name. Case cannot be told
 * from a common name in Latin letters ("Red fox"), so the person says which of the two it is.
 */
export function scientificName(text: string): string | undefined {
  return words(text)?.join(' ')
}

/** The key by which the catalogue knows an animal: the written name in lower case. */
export function nameKey(text: string): string | undefined {
  return scientificName(text)?.toLowerCase()
}
