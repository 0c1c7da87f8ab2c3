import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { once } from './once.ts'

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, '../..')

const runFolder = once(() => mkdtemp(join(tmpdir(), 'biologidex-bench-')))
let made = 0

/** A fresh folder of this run. */
export async function folder(name: string): Promise<string> {
  made += 1
  const path = join(await runFolder(), `${made}-${name}`)
  await mkdir(path)
  return path
}

/** A copy of a folder, of this run. */
export async function copyOf(path: string, name: string): Promise<string> {
  const copy = await folder(name)
  await cp(path, copy, { recursive: true })
  return copy
}

export async function removeRunFolder(): Promise<void> {
  await rm(await runFolder(), { recursive: true, force: true })
}
