/** Characters that stand for an entry: the last 48 bits of its id, which are random. */
export const MARK = 12

/** Looks at a text before all its marks are put into a set: one takes a hundredth of what that takes, one that deletes twice as much. */
const LOOKS = 100

export const markOf = (id: string): string => id.slice(-MARK).padStart(MARK, '.')

/**
 * Entries by their marks. As they come from the store they are one text, a mark behind the other: a sync that changes a few of
 * 100,000 looks those up in it, and makes no set of all.
 */
export class Marks {
  #text: string
  #looks = 0
  /** What the text does not have; all there is, once it has been looked at often. */
  #set = new Set<string>()

  constructor(text = '') {
    this.#text = text
  }

  get size(): number {
    return this.#text.length / MARK + this.#set.size
  }

  has(mark: string): boolean {
    const at = this.#find(mark)
    return at >= 0 || this.#set.has(mark)
  }

  /** Answers whether it was not here. */
  add(mark: string): boolean {
    if (this.has(mark)) return false
    this.#set.add(mark)
    return true
  }

  /** Answers whether it was here. */
  delete(mark: string): boolean {
    const at = this.#find(mark)
    if (at < 0) return this.#set.delete(mark)
    this.#text = this.#text.slice(0, at) + this.#text.slice(at + MARK)
    return true
  }

  /** Many are about to be looked for: all go into the set now. */
  expectMany(): void {
    if (this.#text === '') return
    this.#set = new Set(this)
    this.#text = ''
  }

  clear(): void {
    this.#text = ''
    this.#set.clear()
  }

  toString(): string {
    return this.#text + [...this.#set].join('')
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let at = 0; at < this.#text.length; at += MARK) yield this.#text.slice(at, at + MARK)
    yield* this.#set
  }

  /** Where a mark begins in the text; -1 when it is not there, which it never is once all are in the set. */
  #find(mark: string): number {
    this.#looks += 1
    if (this.#looks > LOOKS) this.expectMany()
    if (this.#text === '') return -1
    let at = this.#text.indexOf(mark)
    while (at >= 0 && at % MARK !== 0) at = this.#text.indexOf(mark, at + 1)
    return at
  }
}
