import { mkdir, mkdtemp, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compressFiles, isBuilt, type WebFolders, webFolders } from './web-build.ts'

let root: string
let folders: WebFolders
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'biologidex-checkout-'))
  folders = webFolders(root)
  await mkdir(join(root, 'apps/web/src'), { recursive: true })
  await mkdir(join(root, 'packages/core/src'), { recursive: true })
  await writeFile(join(root, 'apps/web/src/main.tsx'), '')
  await writeFile(join(root, 'packages/core/src/limits.ts'), '')
})
afterEach(() => rm(root, { recursive: true }))

/** A build that is younger than everything there by this many seconds. */
async function build(seconds = 10): Promise<void> {
  await mkdir(folders.dist, { recursive: true })
  const page = join(folders.dist, 'index.html')
  await writeFile(page, '<!doctype html>')
  const then = Date.now() / 1000 + seconds
  await utimes(page, then, then)
}

/** Makes a file's change, and its folder's, later than the build. */
async function touchLater(path: string): Promise<void> {
  const later = Date.now() / 1000 + 20
  await utimes(path, later, later)
}

describe('isBuilt', () => {
  it('says no on a fresh checkout, and yes after a build', async () => {
    expect(await isBuilt(folders)).toBe(false)
    await build()
    expect(await isBuilt(folders)).toBe(true)
  })

  it.each(['apps/web/src/main.tsx', 'packages/core/src/limits.ts'])('says no once %s has changed', async (path) => {
    await build()
    await touchLater(join(root, path))
    expect(await isBuilt(folders)).toBe(false)
  })

  it('says no once a source went away', async () => {
    await build()
    await unlink(join(root, 'packages/core/src/limits.ts'))
    await touchLater(join(root, 'packages/core/src'))
    expect(await isBuilt(folders)).toBe(false)
  })

  it('does not mind a changed test, or what a build or an installation left', async () => {
    await writeFile(join(root, 'packages/core/src/limits.test.ts'), '')
    await mkdir(join(root, 'apps/web/node_modules/.cache'), { recursive: true })
    await writeFile(join(root, 'apps/web/node_modules/.cache/x'), '')
    await build()
    await touchLater(join(root, 'packages/core/src/limits.test.ts'))
    await touchLater(join(root, 'apps/web/node_modules/.cache/x'))
    await touchLater(folders.dist)
    expect(await isBuilt(folders)).toBe(true)
  })
})

describe('compressFiles', () => {
  it('puts both forms beside text that is worth it, and leaves the rest alone', async () => {
    const script = 'plates '.repeat(1000)
    await mkdir(join(folders.dist, 'assets'), { recursive: true })
    await writeFile(join(folders.dist, 'assets/app.js'), script)
    await writeFile(join(folders.dist, 'assets/font.woff2'), script)
    await writeFile(join(folders.dist, 'tiny.js'), 'x')
    await compressFiles(folders.dist)
    expect(brotliDecompressSync(await readFile(join(folders.dist, 'assets/app.js.br'))).toString()).toBe(script)
    expect(gunzipSync(await readFile(join(folders.dist, 'assets/app.js.gz'))).toString()).toBe(script)
    for (const path of ['assets/font.woff2.br', 'tiny.js.br', 'tiny.js.gz']) {
      await expect(stat(join(folders.dist, path))).rejects.toMatchObject({ code: 'ENOENT' })
    }
  })
})
