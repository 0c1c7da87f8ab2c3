import { UPLOADS_PATH } from '@biologidex/core/images/routes'
import type { Answer, Sent } from './sent.ts'

/**
 * How much of each upload the server said is durable: whatever becomes of it, from then on it has that (I2). Devices would make
 * up for what it lost, and never tell.
 */
export class Promises {
  readonly #offsets = new Map<string, number>()

  /** What an answer breaks of what was said before; undefined when nothing. */
  heard({ method, path }: Sent, { status, headers }: Answer): string | undefined {
    const [upload = ''] = path.split('?')
    if (!upload.startsWith(`${UPLOADS_PATH}/`)) return undefined
    const offset = Number(headers['upload-offset'])
    const said = this.#offsets.get(upload) ?? 0
    // Gone, with its picture, or because it arrived damaged: it begins anew.
    if (status >= 400 && status !== 409) this.#offsets.delete(upload)
    if (status >= 300) return undefined
    if (method !== 'DELETE') this.#offsets.set(upload, offset)
    return offset < said ? `${upload} stood at ${said} bytes, and stands at ${offset}` : undefined
  }
}
