import { LIMITS } from '@biologidex/core/limits'
import type { CacheContents } from './face.ts'

/** The pictures of followed dexes that this device keeps (I4). */
export class PictureCache {
  #limit: number = LIMITS.cacheBytes

  async contents(): Promise<CacheContents> {
    return { limit: this.#limit, bytes: 0, pictures: 0, dexes: [] }
  }

  async limit(bytes: number): Promise<void> {
    this.#limit = bytes
  }

  async pin(_account: string, _pinned: boolean): Promise<void> {}

  async empty(_account?: string): Promise<void> {}
}
