import { createHash } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Photo, photograph } from '@biologidex/test-kit/pictures'

/** A file that a person chooses, with what it holds. */
export interface PhotoFile {
  readonly path: string
  readonly bytes: Buffer
  readonly sha256: string
}

/** A folder of pictures, as on somebody's phone. */
export class Photos {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(): Promise<Photos> {
    return new Photos(await mkdtemp(join(tmpdir(), 'biologidex-photos-')))
  }

  /** A photograph with EXIF; small unless said otherwise. The same `seed` gives the same bytes. */
  async take(photo: Partial<Photo> = {}): Promise<PhotoFile> {
    const whole = { width: 480, height: 640, ...photo }
    return this.file(`photo-${JSON.stringify(photo).replace(/\W+/g, '-')}.jpg`, await photograph(whole))
  }

  /** A file of any bytes under any name. */
  async file(name: string, bytes: Buffer): Promise<PhotoFile> {
    const path = join(this.#folder, name)
    await writeFile(path, bytes)
    return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  }

  /** A file that begins like a JPEG and is said to be this large; it takes no room on the disk. */
  async huge(bytes: number): Promise<string> {
    const path = join(this.#folder, `huge-${bytes}.jpg`)
    const file = await open(path, 'w')
    await file.write(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))
    await file.truncate(bytes)
    await file.close()
    return path
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
