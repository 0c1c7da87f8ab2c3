import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { capture, openPlate, signUp, writeNote } from './kit/person.ts'
import type { Proxy } from './kit/proxy.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let proxy: Proxy
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  proxy = await stage.proxy(server)
  phone = await stage.device(proxy)
  phone.complaints.expectNoAnswer()
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  await capture(phone.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes' })
})

/** Lets a push through to the server, and kills the server so many milliseconds later. Resolves when it is dead. */
function killAtNextPush(after: number): Promise<void> {
  return new Promise((resolve, reject) => {
    proxy.weather = (passing) => {
      if (!passing.path.endsWith('/sync/push')) return undefined
      proxy.weather = undefined
      const killing = passing.killAfter(after, () => server.kill())
      killing.then(resolve, reject)
      return killing
    }
  })
}

test('a server killed at any moment of a commit has each change once', async () => {
  const entry = await openPlate(phone.page, 'Wren')
  const moments = [0, 2, 5, 15]
  for (const after of moments) {
    const killed = killAtNextPush(after)
    await writeNote(phone.page, `Killed after ${after} ms.`)
    await killed
    await server.start()
    await expect
      .poll(() => server.rows('SELECT note FROM entries WHERE id = ?', entry), { timeout: 30_000 })
      .toEqual([{ note: `Killed after ${after} ms.` }])
  }
  const revisions = server.rows<{ changes: string }>('SELECT changes FROM revisions WHERE entry_id = ? ORDER BY n', entry)
  const made = revisions.flatMap(({ changes }) => JSON.parse(changes) as { field?: string; to?: string }[])
  const notes = made.flatMap(({ field, to }) => (field === 'note' ? [to] : []))
  expect(notes).toEqual(moments.map((after) => `Killed after ${after} ms.`))
  expect(server.rows('SELECT * FROM conflicts')).toEqual([])
})
