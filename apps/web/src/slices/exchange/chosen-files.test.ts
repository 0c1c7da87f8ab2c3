import { zipOf } from '@biologidex/test-kit/zips'
import { expect, test } from 'vitest'
import { filesOfDrop, sourceOf } from './chosen-files.ts'

type Tree = { readonly [name: string]: string | Tree }

/** A dropped entry as browsers hand it out: what lies in a folder two at a time. */
function entryOf(fullPath: string, content: string | Tree): FileSystemEntry {
  if (typeof content === 'string') {
    const file = (take: (file: File) => void) => take(new File([content], 'x'))
    return { isFile: true, isDirectory: false, fullPath, file } as unknown as FileSystemEntry
  }
  const children = Object.entries(content).map(([name, inner]) => entryOf(`${fullPath}/${name}`, inner))
  const createReader = () => ({ readEntries: (take: (some: FileSystemEntry[]) => void) => take(children.splice(0, 2)) })
  return { isFile: false, isDirectory: true, fullPath, createReader } as unknown as FileSystemEntry
}

const dropOf = (tree: Tree): DataTransfer => {
  const entries = Object.entries(tree).map(([name, content]) => entryOf(`/${name}`, content))
  return { items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [] } as unknown as DataTransfer
}
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const chosen = (path: string, content: BlobPart) => ({ path, file: new Blob([content]) })

test('what was dropped is read with all that lies in it, however deep and however many', async () => {
  const tree: Tree = {
    old: { dex_data: { 'a_dex.json': '1', 'b_dex.json': '2', 'c_dex.json': '3' }, 'sync_state.json': '4' },
    'x.png': '5',
  }
  const files = await filesOfDrop(dropOf(tree))
  expect(files.map(({ path }) => path)).toEqual([
    'old/dex_data/a_dex.json',
    'old/dex_data/b_dex.json',
    'old/dex_data/c_dex.json',
    'old/sync_state.json',
    'x.png',
  ])
  const source = await sourceOf(files)
  expect(text(await source.read('old/dex_data/c_dex.json'))).toBe('3')
})

test('folders in folders without end have one', async () => {
  let tree: Tree = { 'deep_dex.json': 'x' }
  for (let i = 0; i < 60; i += 1) tree = { d: tree }
  expect(await filesOfDrop(dropOf(tree))).toEqual([])
})

test('one zip is opened, by whatever name; a zip among other files is a file', async () => {
  const zip = new Uint8Array(zipOf(new Map([['a_dex.json', Buffer.from('1')]])))
  expect((await sourceOf([chosen('renamed', zip)])).files).toEqual([{ path: 'a_dex.json', size: 1 }])
  const both = await sourceOf([chosen('a.zip', zip), chosen('b_dex.json', '2')])
  expect(both.files.map(({ path }) => path)).toEqual(['a.zip', 'b_dex.json'])
  await expect(sourceOf([chosen('no.zip', 'no zip')])).rejects.toMatchObject({ code: 'zip_damaged' })
})

test('two files of one name that were chosen one by one are both there', async () => {
  const source = await sourceOf([chosen('a_dex.json', '1'), chosen('a_dex.json', '2')])
  expect(await Promise.all(source.files.map(async ({ path }) => text(await source.read(path))))).toEqual(['1', '2'])
})
