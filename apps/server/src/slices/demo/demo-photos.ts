import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Photographs that the demo shows, each with its credit: see CREDITS.tsv beside them. */
const FOLDER = join(import.meta.dirname, '../../../data/demo-photos')

/** A photograph that somebody took, with what its licence asks to be shown. */
export interface DemoPhoto {
  readonly latin: string
  /** Common name, for the catalogue that has none. */
  readonly common: string
  readonly credit: string
  readonly bytes: Uint8Array
}

/** All of them, in the order of their list. */
export async function demoPhotos(): Promise<DemoPhoto[]> {
  const [, ...lines] = (await readFile(join(FOLDER, 'CREDITS.tsv'), 'utf8')).trim().split('\n')
  return Promise.all(
    lines.map(async (line) => {
      const [file = '', latin = '', author = '', licence = '', source = ''] = line.split('\t')
      const common = file.replace('.webp', '').replace('_', ' ')
      const credit = `Photo: ${author}, ${licence}, ${source}`
      return { latin, common, credit, bytes: await readFile(join(FOLDER, file)) }
    }),
  )
}
