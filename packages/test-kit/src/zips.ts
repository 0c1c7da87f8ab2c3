import { crc32, deflateRawSync } from 'node:zlib'

/** A file in a zip that a test makes, with whatever is to be wrong about it. */
export interface ZipFile {
  readonly name: string
  readonly bytes: Buffer
  /** What is said of it; the truth unless said otherwise. */
  readonly size?: number
  readonly packedSize?: number
  readonly method?: number
  readonly flags?: number
  /** Its Unix mode. */
  readonly mode?: number
  /** What lies there instead of the packed bytes. */
  readonly packed?: Buffer
  /** Shares the bytes of the file before it. */
  readonly over?: true
}

export interface ZipMaking {
  /** How many files are said to be there. */
  readonly count?: number
  readonly directoryBytes?: number
}

const numbers = (...fields: readonly (readonly [value: number, bytes: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes)
      field.writeUIntLE(value, 0, bytes)
      return field
    }),
  )

const DEFLATED = 8
const UTF8 = 0x0800

/** A zip, byte by byte: no library would write what some tests need. */
export function makeZip(files: readonly ZipFile[], { count = files.length, directoryBytes }: ZipMaking = {}): Buffer {
  const bodies: Buffer[] = []
  const lines: Buffer[] = []
  let at = 0
  let before = 0
  for (const file of files) {
    const { bytes, method = DEFLATED, flags = UTF8, mode = 0o100644, over } = file
    const name = Buffer.from(file.name)
    const packed = file.packed ?? (method === DEFLATED ? deflateRawSync(bytes) : bytes)
    const [packedSize, size] = [file.packedSize ?? packed.length, file.size ?? bytes.length]
    const said = numbers([flags, 2], [method, 2], [0, 4], [crc32(bytes), 4], [packedSize, 4], [size, 4], [name.length, 2])
    const offset = over ? before : at
    const body = over ? [] : [numbers([0x04034b50, 4], [20, 2]), said, numbers([0, 2]), name, packed]
    lines.push(
      numbers([0x02014b50, 4], [20, 1], [3, 1], [20, 2]),
      said,
      numbers([0, 2], [0, 2], [0, 2], [0, 2], [mode * 0x10000, 4], [offset, 4]),
      name,
    )
    bodies.push(...body)
    before = offset
    at += Buffer.concat(body).length
  }
  const directory = Buffer.concat(lines)
  const many = Math.min(count, 0xffff)
  const end = numbers([0x06054b50, 4], [0, 4], [many, 2], [many, 2], [directoryBytes ?? directory.length, 4], [at, 4], [0, 2])
  return Buffer.concat([...bodies, directory, end])
}

/** A zip of files as they are. */
export const zipOf = (files: ReadonlyMap<string, Buffer>): Buffer =>
  makeZip([...files].map(([name, bytes]) => ({ name, bytes })))
