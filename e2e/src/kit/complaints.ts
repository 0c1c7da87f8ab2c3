import type { BrowserContext, ConsoleMessage } from 'playwright-core'

/** What a page says in its console when a request fails, whatever the app makes of it. */
const FAILED_REQUEST = /^Failed to load resource: /

export interface Complaint {
  readonly text: string
  readonly url: string
}

/** True for what a device without a server has to say. */
const isNoAnswer = ({ text }: Complaint): boolean => FAILED_REQUEST.test(text) && /net::ERR_|status of 50[234]/.test(text)

/** Asking who is signed in answers 401 when nobody is: the only way to learn it, since no script can read the cookie. */
const isWhoIsHere = ({ text, url }: Complaint): boolean =>
  FAILED_REQUEST.test(text) && text.includes('401') && url.endsWith('/api/v2/sessions/current')

/**
 * Listens to all that a browser's pages complain of: errors in the console (a breach of the content policy is one), and
 * exceptions that nobody caught.
 */
export class Complaints {
  readonly #heard: Complaint[] = []
  readonly #expected: ((complaint: Complaint) => boolean)[] = [isWhoIsHere]

  listen(context: BrowserContext): void {
    context.on('console', (message) => this.#hear(message))
    context.on('weberror', (error) => {
      this.#heard.push({ text: String(error.error().stack ?? error.error()), url: error.page()?.url() ?? '' })
    })
  }

  /** From now on a missing server is nothing to complain of. */
  expectNoAnswer(): void {
    this.#expected.push(isNoAnswer)
  }

  /** From now on an answer of this status is nothing to complain of. `path`: only to requests whose path begins so. */
  expectStatus(status: number, path = '/'): void {
    const isOf = (url: string) => url === '' || new URL(url).pathname.startsWith(path)
    this.#expected.push(({ text, url }) => FAILED_REQUEST.test(text) && text.includes(String(status)) && isOf(url))
  }

  /** What was heard and not expected. */
  get unexpected(): readonly string[] {
    const rest = this.#heard.filter((complaint) => !this.#expected.some((isExpected) => isExpected(complaint)))
    return rest.map(({ text, url }) => `${text} (${url})`)
  }

  #hear(message: ConsoleMessage): void {
    const isPolicy = /content security policy/i.test(message.text())
    if (message.type() !== 'error' && !isPolicy) return
    this.#heard.push({ text: message.text(), url: message.location().url })
  }
}
