import { fold } from '@biologidex/core/animals/search'
import { padNumber } from '../format.ts'
import type { FactBook, Facts } from './facts.ts'

const NUMBER = /^(?:no\.?|nr\.?|#)?\s*(\d+)$/

/** The number that was typed: `42`, `0042`, `No. 42`; undefined when it is something else. */
export function typedNumber(query: string): string | undefined {
  return NUMBER.exec(fold(query).trim())?.[1]
}

const numberFits = (number: number | undefined, digits: string): boolean =>
  number !== undefined && (String(number).startsWith(digits) || padNumber(number).startsWith(digits))

/** True when some name begins with the word, at its start or after a space, hyphen or line. */
const wordFits = (words: string, word: string): boolean => {
  for (let at = words.indexOf(word); at >= 0; at = words.indexOf(word, at + 1))
    if (at === 0 || /[\s-]/.test(words.charAt(at - 1))) return true
  return false
}

/** The entries that fit what was typed: by number, or by every word in a common, scientific or other name. */
export function findIn(all: readonly Facts[], query: string, book: FactBook): readonly Facts[] {
  const digits = typedNumber(query)
  if (digits) return all.filter(({ animal }) => numberFits(animal?.number, digits))
  const typed = fold(query).split(/\s+/).filter(Boolean)
  if (typed.length === 0) return all
  return all.filter((facts) => {
    const words = book.words(facts)
    return typed.every((word) => wordFits(words, word))
  })
}
