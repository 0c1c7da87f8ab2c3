import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Dirent, existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** The folders of a checkout that the web app's build reads, and the one it writes. */
export interface WebFolders {
  readonly sources: readonly string[]
  readonly dist: string
}

const NOT_SOURCES = new Set(['node_modules', 'dist'])
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt', '.tsv'])
/** Below this many bytes compressing wins nothing. */
const MIN_BYTES = 1024

export function webFolders(root: string): WebFolders {
  const sources = ['apps/web', 'packages/core', 'packages/client', 'package-lock.json'].map((path) => join(root, path))
  return { sources, dist: join(root, 'apps/web/dist') }
}

const isSource = (entry: Dirent): boolean => !NOT_SOURCES.has(entry.name) && !entry.name.endsWith('.test.ts')

/** When something under a path last changed, in milliseconds; a folder's own time tells of files that went away. */
async function lastChange(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.mtimeMs
  const entries = (await readdir(path, { withFileTypes: true })).filter(isSource)
  const times = await Promise.all(entries.map((entry) => lastChange(join(path, entry.name))))
  return times.reduce((latest, time) => Math.max(latest, time), found.mtimeMs)
}

/** Whether the build is there and younger than all it was made from. */
export async function isBuilt({ sources, dist }: WebFolders): Promise<boolean> {
  const page = join(dist, 'index.html')
  if (!existsSync(page)) return false
  const { mtimeMs } = await stat(page)
  for (const source of sources) if (existsSync(source) && (await lastChange(source)) > mtimeMs) return false
  return true
}

/** Writes `.br` and `.gz` beside each text file of the build: the server prefers them, and compresses nothing itself. */
export async function compressFiles(dist: string): Promise<void> {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  for (const entry of await readdir(dist, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !COMPRESSIBLE.has(extname(entry.name)) || (await stat(path)).size < MIN_BYTES) continue
    const bytes = await readFile(path)
    await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, brotli))
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes))
  }
}

/**
 * Builds the web app of a checkout, in a process of its own, so that the server started after it does not carry its memory.
 * @throws Error with what the build said, when it fails
 */
export async function buildWeb(root: string): Promise<void> {
  const web = join(root, 'apps/web')
  const vite = join(createRequire(join(web, 'package.json')).resolve('vite/package.json'), '../bin/vite.js')
  // Under a test runner NODE_ENV says `test`, and the build would be one without a service worker.
  const child = spawn(process.execPath, [vite, 'build'], { cwd: web, env: { ...process.env, NODE_ENV: 'production' } })
  const said: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${Buffer.concat(said).toString()}\nThe web app could not be built.`)
  await compressFiles(webFolders(root).dist)
}
