/** How often a line that nobody sees change is written, in milliseconds. */
const SELDOM = 5_000

const number = new Intl.NumberFormat('en-GB')
export const count = (n: number): string => number.format(n)
export const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`

/** Counts on standard error: one line that changes at a terminal, a line now and then elsewhere. */
export class ProgressLine {
  #last = 0
  #open = false

  show(what: string, current: number, total: number): void {
    const text = `${what}: ${count(current)} of ${count(total)}`
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${text}`)
      this.#open = true
      return
    }
    const now = Date.now()
    if (now - this.#last < SELDOM && current < total) return
    this.#last = now
    process.stderr.write(`${text}\n`)
  }

  /** Ends the line that changes, so that what comes next begins its own. */
  end(): void {
    if (this.#open) process.stderr.write('\n')
    this.#open = false
  }
}
