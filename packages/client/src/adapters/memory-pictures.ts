import type { CacheChoice, PictureRow, PictureStore } from '../ports.ts'
import { MemoryDisk, type MemoryPicture } from './memory-disk.ts'

type Pictures = ReadonlyMap<string, MemoryPicture>

const keyOf = (dex: string, sha256: string): string => `${dex}/${sha256}`
const parse = ({ row }: MemoryPicture): PictureRow => JSON.parse(row) as PictureRow

/** A PictureStore in memory, on the same disk as the account's store or on one of its own. */
export function memoryPictures(disk: MemoryDisk = new MemoryDisk()): PictureStore {
  const handle = disk.open('pictures')
  const write = (grows: boolean, change: (pictures: Map<string, MemoryPicture>) => void): void =>
    disk.write(handle, grows, (records) => {
      const pictures = new Map(records.pictures)
      change(pictures)
      return { ...records, pictures }
    })
  const all = (): Pictures => {
    disk.check(handle)
    return disk.records.pictures
  }
  return {
    rows: async (dex) => [...all().values()].map(parse).filter((row) => dex === undefined || row.dex === dex),
    async row(dex, sha256) {
      const found = all().get(keyOf(dex, sha256))
      return found && parse(found)
    },
    async choice() {
      disk.check(handle)
      const { choice } = disk.records
      return choice === undefined ? undefined : (JSON.parse(choice) as CacheChoice)
    },
    async choose(choice) {
      disk.write(handle, true, (records) => ({ ...records, choice: JSON.stringify(choice) }))
    },
    get: async (dex, sha256) => all().get(keyOf(dex, sha256))?.bytes?.slice(),
    async put(row, bytes) {
      const copy = bytes.slice()
      write(true, (pictures) => pictures.set(keyOf(row.dex, row.sha256), { row: JSON.stringify(row), bytes: copy }))
    },
    async note(rows) {
      write(true, (pictures) => {
        for (const row of rows) {
          const key = keyOf(row.dex, row.sha256)
          pictures.set(key, { row: JSON.stringify(row), bytes: pictures.get(key)?.bytes })
        }
      })
    },
    async delete(dex, sha256s) {
      write(false, (pictures) => {
        for (const sha256 of sha256s) pictures.delete(keyOf(dex, sha256))
      })
    },
    async drop(dex) {
      write(false, (pictures) => {
        for (const key of [...pictures.keys()]) if (key.startsWith(`${dex}/`)) pictures.delete(key)
      })
    },
    async wipe() {
      disk.wipe(handle, { pictures: new Map(), choice: undefined })
    },
    async close() {
      disk.close(handle)
    },
  }
}
