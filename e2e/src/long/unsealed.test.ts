import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { copyOfTree, type TreeCopy } from '../../../scripts/tree-copy.ts'
import { buildWeb } from '../../../scripts/web-build.ts'
import { findIn } from '../kit/needles.ts'
import { plant } from '../kit/plant.ts'
import { useStage } from '../kit/stage.ts'

const stage = useStage({ perTest: true })
let unsealed: TreeCopy | undefined
afterAll(() => unsealed?.remove())

/** The app as it would be if what is called sealing sealed nothing. */
async function buildUnsealed(): Promise<TreeCopy> {
  const tree = await copyOfTree()
  const file = join(tree.path, 'packages/client/src/adapters/web-sealer.ts')
  const whole = await readFile(file, 'utf8')
  const patches = [
    [/await crypto\.subtle\.encrypt\(.*\)/, 'Uint8Array.from([...bytes, ...new Uint8Array(TAG_BYTES)])'],
    [/await crypto\.subtle\.decrypt\(.*content\)/, 'content.slice(0, -TAG_BYTES)'],
  ] as const
  let without = whole
  for (const [sealing, nothing] of patches) {
    expect(without).toMatch(sealing)
    without = without.replace(sealing, nothing)
  }
  await writeFile(file, without)
  await buildWeb(tree.path)
  return tree
}

test('the same search finds all that was planted in an app that does not seal', { timeout: 120_000 }, async () => {
  unsealed = await buildUnsealed()
  const server = await stage.server({ env: { WEB_ROOT: join(unsealed.path, 'apps/web/dist') } })
  const { phone, secrets } = await plant(stage, server)
  const found = new Set((await findIn(phone.profile, secrets)).map((one) => one.replace(/ in .*/, '')))
  const sealed = secrets.filter(({ name }) => !/token|seal|password/.test(name)).map(({ name }) => name)
  expect(sealed.filter((name) => !found.has(name))).toEqual([])
})
