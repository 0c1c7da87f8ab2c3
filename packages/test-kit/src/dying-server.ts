import { readConfig } from '@biologidex/server/config'
import { start } from '@biologidex/server/server'

/**
 * A server that kills itself (SIGKILL) at a point of a picture's way in, named by DIE_AT; run as a program, settings as
 * ever from the environment. Prints its address once it listens.
 *
 * - `arrived`: all bytes are in the draft, nothing is verified
 * - `verified`: the checksum is, the row says so, nothing is kept
 * - `kept`: the blob is kept, no row says so
 * - `developed`: the renditions are kept, no row says so
 */
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('killed')
}

const point = process.env.DIE_AT
const { url, ctx } = await start(readConfig(process.env))
const { blobs } = ctx
const draft = blobs.draft.bind(blobs)
const put = blobs.put.bind(blobs)
let puts = 0

Object.assign(blobs, {
  draft(name: string) {
    const made = draft(name)
    const [append, keep] = [made.append.bind(made), made.keep.bind(made)]
    return Object.assign(made, {
      async append(offset: number, bytes: AsyncIterable<Uint8Array>, limit: number) {
        const length = await append(offset, bytes, limit)
        return point === 'arrived' && length === limit ? die() : length
      },
      async keep(sha256: string) {
        if (point === 'verified') die()
        const kept = await keep(sha256)
        return point === 'kept' ? die() : kept
      },
    })
  },
  async put(bytes: Uint8Array) {
    const sha256 = await put(bytes)
    puts += 1
    return point === 'developed' && puts === 2 ? die() : sha256
  },
} satisfies Partial<typeof blobs>)
console.log(url)
