import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readlink, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
/** Names under which a workspace's packages lie in node_modules, as links into the tree. */
const OURS = '@biologidex'

/** A folder with the files of the checkout, to be changed at will. */
export interface TreeCopy {
  readonly path: string
  /** At once, so that it can be done while the program ends. */
  remove(): void
}

/** The packages installed are used where they lie; those of the workspace are the copy's own. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(join(to, OURS), { recursive: true })
  for (const name of await readdir(from)) {
    if (name !== OURS && !name.startsWith('.vite')) await symlink(join(from, name), join(to, name))
  }
  if (!existsSync(join(from, OURS))) return
  for (const name of await readdir(join(from, OURS))) {
    await symlink(await readlink(join(from, OURS, name)), join(to, OURS, name))
  }
}

/** Copies what Git knows of, and what it would add, as it stands now. */
export async function copyOfTree(): Promise<TreeCopy> {
  const path = await mkdtemp(join(tmpdir(), 'biologidex-guards-'))
  const asked = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', asked, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 }).split('\0')
  for (const file of listed) {
    if (!file || !existsSync(join(ROOT, file))) continue
    await mkdir(dirname(join(path, file)), { recursive: true })
    await cp(join(ROOT, file), join(path, file))
  }
  await linkPackages(join(ROOT, 'node_modules'), join(path, 'node_modules'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
