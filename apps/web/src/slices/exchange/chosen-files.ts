import type { OldSource } from '@biologidex/client/old-data'
import { SourceRefused } from '@biologidex/core/exchange/import-codes'
import { LIMITS } from '@biologidex/core/limits'
import { zipSource } from './zip-source.ts'

/** A file that a person chose or dropped, with where it lay below what they chose. */
export interface ChosenFile {
  readonly path: string
  readonly file: Blob
}

/** Folders within folders: more than any client made. */
const MOST_DEPTH = 32

/** Files of a file field; those of a folder know their way in it. */
export const filesOfField = (files: Iterable<File>): ChosenFile[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject))

/** What lies in a folder: browsers hand it out a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

async function* below(entry: FileSystemEntry, depth: number): AsyncGenerator<ChosenFile> {
  if (entry.isFile) yield { path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) }
  else if (entry.isDirectory && depth < MOST_DEPTH)
    for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) yield* below(child, depth + 1)
}

/** Everything that was dropped, folders with what lies in them. Call it while the drop is being handled: later it is gone. */
export function filesOfDrop(data: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry())
  const loose = filesOfField(data.files)
  const walk = async (): Promise<ChosenFile[]> => {
    if (entries.some((entry) => entry === null)) return loose
    const all: ChosenFile[] = []
    for (const entry of entries) {
      if (!entry) continue
      for await (const one of below(entry, 0)) {
        if (all.length === LIMITS.importFiles) throw new SourceRefused('too_many_files')
        all.push(one)
      }
    }
    return all
  }
  return walk()
}

async function isZip({ path, file }: ChosenFile): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  return /\.zip$/i.test(path) || (head[0] === 0x50 && head[1] === 0x4b)
}

function folderSource(chosen: readonly ChosenFile[]): OldSource {
  // Files of one name that were chosen one by one are told apart by a number before it.
  const byPath = new Map<string, Blob>()
  for (const { path, file } of chosen) byPath.set(byPath.has(path) ? `${byPath.size}/${path}` : path, file)
  return {
    files: [...byPath].map(([path, { size }]) => ({ path, size })),
    notices: [],
    async read(path) {
      const file = byPath.get(path)
      if (!file) throw new Error('no such file')
      return new Uint8Array(await file.arrayBuffer())
    },
  }
}

/**
 * What was chosen as a source: one zip, or files as they are.
 * @throws SourceRefused when it is too much, or a zip that is not taken
 */
export async function sourceOf(chosen: readonly ChosenFile[]): Promise<OldSource> {
  if (chosen.length > LIMITS.importFiles) throw new SourceRefused('too_many_files')
  const [first] = chosen
  if (first && chosen.length === 1 && (await isZip(first))) return zipSource(first.file)
  return folderSource(chosen)
}
