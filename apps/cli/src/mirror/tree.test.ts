import { createHash } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Tree } from './tree.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const PATH = 'entries/0001-fox-aaaaaaaa/entry.json'

describe('the folder', () => {
  let dir: string
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'biologidex-tree-')), 'dex')
  })
  afterEach(() => rm(join(dir, '..'), { recursive: true }))

  const put = async (tree: Tree, text: string, path = PATH) => tree.write(path, text, sha(text))

  it('knows its own files again, in another process and after the times of all files changed', async () => {
    await put(await Tree.open(dir), 'one')
    expect(await (await Tree.open(dir)).found(PATH)).toEqual({ at: 'ours', sha256: sha('one') })
    await utimes(join(dir, PATH), 1, 1)
    expect(await (await Tree.open(dir)).found(PATH)).toEqual({ at: 'ours', sha256: sha('one') })
    expect((await stat(join(dir, PATH))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, 'entries'))).mode & 0o777).toBe(0o700)
  })

  it('takes what a person changed for theirs, and never removes it', async () => {
    const tree = await Tree.open(dir)
    await put(tree, 'one')
    await writeFile(join(dir, PATH), 'mine')
    expect(await tree.found(PATH)).toEqual({ at: 'other' })
    expect(await tree.remove(PATH)).toBe(false)
    expect(await readFile(join(dir, PATH), 'utf8')).toBe('mine')
    expect(tree.paths).toEqual([])
  })

  it('leaves a folder that holds something else', async () => {
    const tree = await Tree.open(dir)
    await put(tree, 'one')
    await writeFile(join(dir, 'entries/0001-fox-aaaaaaaa/notes.txt'), 'mine')
    expect(await tree.remove(PATH)).toBe(true)
    expect(await readdir(join(dir, 'entries/0001-fox-aaaaaaaa'))).toEqual(['notes.txt'])
  })

  it('knows what it was about to write when it was killed, before and after', async () => {
    const tree = await Tree.open(dir)
    await put(tree, 'one')
    const ledger = join(dir, '.biologidex/written.jsonl')
    await appendFile(ledger, `${JSON.stringify({ path: PATH, sha256: sha('two') })}\n{"path":"entr`)
    expect(await (await Tree.open(dir)).found(PATH)).toEqual({ at: 'ours', sha256: sha('one') })
    await writeFile(join(dir, PATH), 'two')
    const again = await Tree.open(dir)
    expect(await again.found(PATH)).toEqual({ at: 'ours', sha256: sha('two') })
    await put(again, 'three')
    await again.tidy()
    expect(await (await Tree.open(dir)).found(PATH)).toEqual({ at: 'ours', sha256: sha('three') })
  })

  it('clears away what was on its way', async () => {
    await put(await Tree.open(dir), 'one')
    await writeFile(join(dir, '.biologidex/.passing-x'), 'half')
    await Tree.open(dir)
    expect(await readdir(join(dir, '.biologidex'))).toEqual(['written.jsonl'])
  })

  it('follows no link out of the folder', async () => {
    const outside = join(dir, '..', 'outside')
    await mkdir(outside)
    await mkdir(join(dir, 'entries'), { recursive: true })
    await symlink(outside, join(dir, 'entries/0001-fox-aaaaaaaa'))
    const tree = await Tree.open(dir)
    expect(await tree.found(PATH)).toEqual({ at: 'other' })
    expect(await tree.holds(PATH, sha('x'))).toBe(false)
  })

  it('believes no path of a ledger that somebody wrote', async () => {
    const victim = join(dir, '..', 'victim.json')
    await writeFile(victim, 'x')
    await mkdir(join(dir, '.biologidex'), { recursive: true })
    const lines = ['../victim.json', '/etc/passwd', 'entries/../../victim.json'].map((path) =>
      JSON.stringify({ path, sha256: sha('x') }),
    )
    await writeFile(join(dir, '.biologidex/written.jsonl'), lines.join('\n'))
    expect((await Tree.open(dir)).paths).toEqual([])
    await expect((await Tree.open(dir)).remove('../victim.json')).rejects.toThrow()
  })
})
