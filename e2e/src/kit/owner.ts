import { randomUUID } from 'node:crypto'
import type { SessionView } from '@biologidex/core/accounts/account'
import { LIMITS } from '@biologidex/core/limits'
import { PASSWORD } from './person.ts'
import type { Server } from './server.ts'

/** What a row of `entries` says that journeys ask about. */
export interface EntryRow {
  readonly id: string
  readonly note: string | null
  readonly observed: string | null
  readonly place: string | null
  readonly deleted_at: number | null
}

/** What a row of `images` says that journeys ask about. */
export interface ImageRow {
  readonly id: string
  readonly entry_id: string
  readonly state: string
  readonly reason: string | null
  readonly sha256: string
}

export const entriesOf = (server: Server): EntryRow[] =>
  server.rows('SELECT id, note, observed, place, deleted_at FROM entries ORDER BY created_at')

export const imagesOf = (server: Server): ImageRow[] =>
  server.rows('SELECT id, entry_id, state, reason, sha256 FROM images ORDER BY created_at')

const post = (server: Server, path: string, body: object): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** An account's owner as a program: with a bearer session beside the browsers' cookies. */
export class Owner {
  readonly server: Server
  readonly account: string
  readonly token: string

  private constructor(server: Server, { account, token = '' }: SessionView) {
    this.server = server
    this.account = account.id
    this.token = token
  }

  static async signUp(server: Server, username: string): Promise<Owner> {
    return Owner.#enter(server, '/api/v2/accounts', username)
  }

  static async signIn(server: Server, username: string): Promise<Owner> {
    return Owner.#enter(server, '/api/v2/sessions', username)
  }

  static async #enter(server: Server, path: string, username: string): Promise<Owner> {
    const answer = await post(server, path, { username, password: PASSWORD, device: 'a program', session: 'bearer' })
    if (!answer.ok) throw new Error(await answer.text())
    return new Owner(server, (await answer.json()) as SessionView)
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' }
    return fetch(`http://127.0.0.1:${this.server.port}${path}`, { ...init, headers })
  }

  /**
   * Makes entries in pushes as large as the wire takes; `animalOf` names each one's animal by its scientific name, `more` sets
   * other fields, or these ones otherwise.
   */
  async keep(
    count: number,
    animalOf: (i: number) => string,
    note = (i: number) => `Seeded ${i}`,
    more: (i: number) => Readonly<Record<string, { readonly to: unknown }>> = () => ({}),
  ): Promise<void> {
    const client = randomUUID()
    for (let first = 0; first < count; first += LIMITS.mutationsPerPush) {
      const many = Math.min(LIMITS.mutationsPerPush, count - first)
      const mutations = Array.from({ length: many }, (_, k) => {
        const i = first + k
        const day = `20${String(10 + (i % 15)).padStart(2, '0')}-0${1 + (i % 9)}-${10 + (i % 18)}`
        const set = { animal: { to: { scientificName: animalOf(i) } }, observed: { to: { at: day } }, note: { to: note(i) } }
        return {
          n: i + 1,
          type: 'entry',
          id: randomUUID(),
          op: 'create',
          set: { ...set, visibility: { to: 'friends' }, ...more(i) },
        }
      })
      const body = JSON.stringify({ account: this.account, client, ack: 0, mutations })
      const answer = await this.fetch('/api/v2/sync/push', { method: 'POST', body })
      const [line = '{}'] = (await answer.text()).split('\n')
      const { results } = JSON.parse(line) as { results?: { status: string }[] }
      if (results?.length !== many || results.some(({ status }) => status !== 'done')) throw new Error(line.slice(0, 300))
    }
  }

  /** Carries out one change, as a device of its own. */
  async change(mutation: object): Promise<void> {
    const mutations = [{ n: 1, ...mutation }]
    const body = JSON.stringify({ account: this.account, client: randomUUID(), ack: 0, mutations })
    const answer = await (await this.fetch('/api/v2/sync/push', { method: 'POST', body })).text()
    if (!answer.includes('"status":"done"')) throw new Error(answer.slice(0, 300))
  }

  /** Asks somebody to be friends, or says yes to whoever asked. */
  ask(account: string): Promise<void> {
    return this.change({ type: 'friend', id: account, op: 'create' })
  }

  /** Deletes the account. */
  async leave(): Promise<void> {
    const body = JSON.stringify({ password: PASSWORD })
    const answer = await this.fetch('/api/v2/accounts/me/deletion', { method: 'POST', body })
    if (!answer.ok) throw new Error(await answer.text())
  }

  /** One picture of one of the own entries, as the server gives it. */
  async picture({ id, entry_id }: ImageRow, rendition: 'wall' | 'screen' | 'original'): Promise<Buffer> {
    const answer = await this.fetch(`/api/v2/dex/${this.account}/entries/${entry_id}/images/${id}/${rendition}`)
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return Buffer.from(await answer.arrayBuffer())
  }
}
