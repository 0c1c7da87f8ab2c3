import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Something that may not be found, and the forms in which it might lie. */
export interface Needle {
  readonly name: string
  readonly forms: readonly Buffer[]
}

/** How long a piece is looked for: compression by repeats (snappy) leaves words like these whole, or their pieces. */
const PIECE = 12

function pieces(text: string): string[] {
  const starts = Array.from({ length: Math.max(1, Math.floor(text.length / PIECE)) }, (_, i) => i * PIECE)
  return [text, ...starts.map((start) => text.slice(start, start + PIECE))]
}

/** Text of few repeats: in UTF-8 and in UTF-16, whole and in pieces. */
export const ofText = (name: string, text: string): Needle => ({
  name,
  forms: pieces(text).flatMap((piece) => [Buffer.from(piece), Buffer.from(piece, 'utf16le')]),
})

/** A number with many digits: as text, and as programs hold it. */
export function ofNumber(name: string, value: number): Needle {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return { name, forms: [...ofText(name, String(value)).forms, bytes] }
}

/** A secret of hexadecimal digits: as text, and as the bytes it stands for. */
export const ofHex = (name: string, hex: string): Needle => ({
  name,
  forms: [...ofText(name, hex).forms, Buffer.from(hex, 'hex')],
})

/** Looks at a folder that its browser is still tidying up. */
const LOOKS = 10

/**
 * Each needle that is in a file of the folder, with the file: every byte of every file is looked at. Where a file goes, or gets another
 * name, between being listed and being read, all of it is looked at again: nothing may slip by.
 */
export async function findIn(folder: string, needles: readonly Needle[]): Promise<string[]> {
  for (let look = 1; ; look += 1) {
    try {
      return await lookThrough(folder, needles)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || look === LOOKS) throw error
    }
  }
}

async function lookThrough(folder: string, needles: readonly Needle[]): Promise<string[]> {
  const found: string[] = []
  for (const file of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    const bytes = await readFile(path)
    for (const { name, forms } of needles)
      if (forms.some((form) => bytes.includes(form))) found.push(`${name} in ${path.slice(folder.length + 1)}`)
  }
  return found
}
