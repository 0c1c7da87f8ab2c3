import { createHash } from 'node:crypto'
import type { V1Entry, V1SyncEntry, V1User } from '@biologidex/core/v1/shapes'

/** What an old client was answered. */
export interface V1Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

/** Where an old client stands with one dex: its entries by id, and the `server_time` it stored. */
export interface V1Dex {
  readonly entries: Map<string, V1SyncEntry>
  lastSync: string | undefined
}

type Sent = { readonly json?: unknown; readonly form?: FormData }

/** One friend of an overview. */
export interface V1Overview {
  readonly user_id: string
  readonly username: string
  readonly friend_code: string
  readonly total_entries: number
  readonly latest_update: string | null
}

const PASSWORD = 'correct horse'

/** Does what an old client does, call by call: it keeps entries by id, `server_time` by dex, and pictures by their address. */
export class V1Client {
  readonly url: string
  readonly username: string
  readonly dexes = new Map<string, V1Dex>()
  /** Checksums of the pictures it has, by address: old clients name files by it. */
  readonly pictures = new Map<string, string>()
  user: V1User | undefined
  access = ''
  refresh = ''

  constructor(url: string, username: string) {
    this.url = url
    this.username = username
  }

  /** Makes an account and signs in. */
  static async signUp(url: string, username: string): Promise<V1Client> {
    const client = new V1Client(url, username)
    const json = { username, email: `${username}@example.org`, password: PASSWORD, password_confirm: PASSWORD }
    const { status, body } = await client.call('POST', 'users/', { json })
    if (status !== 201) throw new Error(JSON.stringify(body))
    await client.signIn()
    return client
  }

  async signIn(password = PASSWORD): Promise<V1Answer<object>> {
    const json = { username: this.username, password }
    const answer = await this.call<{ access: string; refresh: string; user: V1User }>('POST', 'auth/login/', { json })
    if (answer.status === 200) Object.assign(this, answer.body)
    return answer
  }

  get id(): string {
    return this.user?.id ?? ''
  }

  async call<T = Record<string, unknown>>(method: string, path: string, { json, form }: Sent = {}): Promise<V1Answer<T>> {
    const headers: Record<string, string> = this.access ? { authorization: `Bearer ${this.access}` } : {}
    if (json !== undefined) headers['content-type'] = 'application/json'
    const body = json === undefined ? form : JSON.stringify(json)
    const answer = await fetch(`${this.url}/api/v1/${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as T }
  }

  /** Makes an entry by upload. */
  async keep(animal: string, picture: Uint8Array, more: Record<string, string> = {}): Promise<V1Answer<V1Entry>> {
    const form = new FormData()
    for (const [name, value] of Object.entries({ animal, ...more })) form.set(name, value)
    form.set('original_image', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'photo.jpg')
    return this.call<V1Entry>('POST', 'dex/entries/', { form })
  }

  /** The animal of a scientific name. */
  async animal(scientific_name: string, common_name?: string): Promise<string> {
    const { body } = await this.call<{ animal: { id: string } }>('POST', 'animals/lookup_or_create/', {
      json: { scientific_name, ...(common_name ? { common_name } : {}) },
    })
    return body.animal.id
  }

  async overview(): Promise<V1Overview[]> {
    const { body } = await this.call<{ friends: V1Overview[] }>('GET', 'dex/entries/friends_overview/')
    return body.friends
  }

  #dex(id: string): V1Dex {
    const dex = this.dexes.get(id) ?? { entries: new Map<string, V1SyncEntry>(), lastSync: undefined }
    this.dexes.set(id, dex)
    return dex
  }

  #take(id: string, entries: readonly V1SyncEntry[], serverTime: string): void {
    const dex = this.#dex(id)
    for (const entry of entries) dex.entries.set(entry.id, entry)
    dex.lastSync = serverTime
  }

  /** Own dex and friends' in one call, each from where it stands. */
  async sync(ids: readonly string[] = ['self']): Promise<Record<string, { entries?: V1SyncEntry[]; error?: string }>> {
    const sync_requests = ids.map((user_id) => ({ user_id, last_sync: this.#dex(user_id).lastSync ?? null }))
    const { status, body } = await this.call<{
      results: Record<string, { entries?: V1SyncEntry[]; error?: string }>
      server_time: string
    }>('POST', 'dex/entries/batch_sync/', { json: { sync_requests } })
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    for (const [id, { entries }] of Object.entries(body.results)) if (entries) this.#take(id, entries, body.server_time)
    return body.results
  }

  /** Everything it does when it is opened: who has news, then all of them at once. */
  async open(): Promise<void> {
    const friends = await this.overview()
    await this.sync(['self', ...friends.map(({ user_id }) => user_id)])
  }

  /** Entries that it has of a dex. */
  entries(id = 'self'): V1SyncEntry[] {
    return [...(this.dexes.get(id)?.entries.values() ?? [])]
  }

  /** Fetches pictures it has no file for, without any header, and checks them. @returns how many came */
  async fetchPictures(id = 'self'): Promise<number> {
    let came = 0
    for (const { dex_compatible_url: url, image_checksum } of this.entries(id)) {
      if (url === '' || this.pictures.has(url)) continue
      const answer = await fetch(url)
      if (!answer.ok) continue
      const checksum = createHash('sha256')
        .update(Buffer.from(await answer.arrayBuffer()))
        .digest('hex')
      if (checksum !== image_checksum) throw new Error(`a picture does not match its checksum: ${url}`)
      this.pictures.set(url, checksum)
      came += 1
    }
    return came
  }
}
