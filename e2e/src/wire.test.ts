import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { entriesOf, imagesOf } from './kit/owner.ts'
import { capture, choosePicture, plate, signUp, untilKept } from './kit/person.ts'
import type { Passing, Proxy } from './kit/proxy.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let proxy: Proxy
let phone: Device

beforeAll(async () => {
  server = await stage.server()
  proxy = await stage.proxy(server)
  phone = await stage.device(proxy, { profile: true })
  phone.complaints.expectNoAnswer()
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  // Chromium writes a new cookie down when it closes, or half a minute later: a browser killed before that is signed out.
  await phone.stop()
  await phone.start()
})
beforeEach(() => {
  proxy.weather = undefined
})

const isPush = ({ path }: Passing): boolean => path.endsWith('/sync/push')
const isPiece = ({ method, path }: Passing): boolean => method === 'PATCH' && path.startsWith('/api/v2/uploads/')

/** Does something to the first request of a kind, and lets all others pass. */
function once(isIt: (passing: Passing) => boolean, harm: (passing: Passing) => Promise<void>): () => boolean {
  let done = false
  proxy.weather = (passing) => {
    if (done || !isIt(passing)) return undefined
    done = true
    return harm(passing)
  }
  return () => done
}

/** So many entries, each with one picture that is ready, each made once. */
async function expectWhole(count: number): Promise<void> {
  await expect.poll(() => imagesOf(server).map(({ state }) => state), { timeout: 20_000 }).toEqual(Array(count).fill('ready'))
  expect(entriesOf(server)).toHaveLength(count)
  expect(new Set(imagesOf(server).map(({ entry_id }) => entry_id)).size).toBe(count)
  // One revision says that it was made, one that it got its picture.
  expect(server.rows('SELECT entry_id, count(*) times FROM revisions GROUP BY entry_id HAVING times <> 2')).toEqual([])
}

test('a captive portal that answers every request with its page changes nothing', async () => {
  proxy.weather = (passing) => (passing.path.startsWith('/api/') ? passing.answerWithPage() : undefined)
  await capture(phone.page, await stage.photos.take({ seed: 1 }), {
    name: 'moose',
    latin: 'Alces alces',
    note: 'At the hotel.',
  })
  await plate(phone.page, 'Moose').getByRole('img', { name: 'Saved here' }).waitFor()
  await phone.page.getByText('Offline: everything is kept here and goes up by itself').waitFor()
  await phone.page.reload()
  await plate(phone.page, 'Moose').getByRole('img', { name: 'Saved here' }).waitFor()
  proxy.weather = undefined
  await plate(phone.page, 'Moose').getByRole('img', { name: 'On the server' }).waitFor()
  await expectWhole(1)
})

test('an answer lost after the commit: the change is asked for again and made once', async () => {
  const done = once(isPush, (passing) => passing.loseAnswer())
  await capture(phone.page, await stage.photos.take({ seed: 2 }), { name: 'wren', latin: 'Troglodytes troglodytes' })
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
  expect(done()).toBe(true)
  await expectWhole(2)
})

test('a push that arrives twice is made once', async () => {
  const done = once(isPush, (passing) => passing.twice())
  await capture(phone.page, await stage.photos.take({ seed: 3 }), { name: 'robin', latin: 'Erithacus rubecula' })
  await plate(phone.page, 'Robin').getByRole('img', { name: 'On the server' }).waitFor()
  expect(done()).toBe(true)
  await expectWhole(3)
})

test.each([
  ['arrives twice', (passing: Passing) => passing.twice(), 4],
  ['is not answered', (passing: Passing) => passing.loseAnswer(), 5],
])('a photo whose last piece %s is kept once', async (_how, harm, count) => {
  phone.complaints.expectStatus(409)
  const done = once(isPiece, harm)
  await capture(phone.page, await stage.photos.take({ seed: count }))
  await expectWhole(count)
  expect(done()).toBe(true)
})

/** A capture that a killed browser had begun comes back at the next one, and is part of it: here it is kept by itself first. */
async function keepWhatWasBegun(): Promise<void> {
  const { page } = phone
  await page.goto('/capture')
  const photo = page.getByRole('img', { name: 'Your photo' })
  const isThere = await photo.waitFor({ timeout: 1_500 }).then(
    () => true,
    () => false,
  )
  if (!isThere) return
  await page.getByRole('button', { name: 'Keep, name it later' }).click()
  await untilKept(page)
  await page.getByText(/^Up to date/).waitFor()
}

/** Moments at which the browser is killed; the long test tries more of them. */
const MOMENTS = process.env.LONG ? [0, 30, 90, 200] : [30, 200]

test.each(MOMENTS)('a browser killed %s ms after the tap on Keep has the entry whole or not at all', async (after) => {
  await keepWhatWasBegun()
  const before = entriesOf(server).length
  server.pause()
  const { page } = phone
  await page.goto('/capture')
  await choosePicture(page, (await stage.photos.take({ seed: 1000 + after })).path)
  await page.getByRole('img', { name: 'Your photo' }).waitFor()
  await page.getByRole('button', { name: 'Keep, name it later' }).click()
  await page.waitForTimeout(after)
  const said = await page.getByText('Kept. Name it whenever you like.').isVisible()
  await phone.kill()
  server.resume()
  await phone.start()
  await phone.page.goto('/')
  await phone.page.getByText(/^Up to date/).waitFor({ timeout: 30_000 })
  const kept = entriesOf(server).length - before
  expect(kept).toBeLessThanOrEqual(1)
  if (said) expect(kept).toBe(1)
  await expectWhole(before + kept)
})
