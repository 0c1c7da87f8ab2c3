import { LINES } from '@biologidex/core/sync/wire'
import { Device, entry, filled, id, type Tab } from '@biologidex/test-kit/engine-rig'
import type { Fault } from '@biologidex/test-kit/fake-transport'
import { expect, test } from 'vitest'
import type { TransportRequest } from './ports.ts'

const STRANGER = id(0x57)
const FEED = `dex/${STRANGER}`

function page(from: number, count: number, whole: boolean, mode = 'changes'): string {
  const items = Array.from({ length: count }, (_, i) => ({
    ...entry(from + i),
    animal: id(1),
    called: { en: [`name ${from + i}`] },
  }))
  const animals = [{ type: 'animal', id: id(1), scientificName: 'Alces alces', rev: 1 }]
  const chunk = { feed: FEED, cursor: `c${from + count}`, seq: 1, items: count, animals, ...(whole ? { whole } : {}) }
  const hello = { account: id(0xacc), feeds: [{ feed: FEED, mode, total: count }] }
  return `${JSON.stringify({ hello })}\n${JSON.stringify({ chunk })}\n${JSON.stringify(items)}\n{"end":{"digest":""}}\n`
}

const answer = (body: string): Fault => ({
  kind: 'answer',
  status: 200,
  headers: { 'content-type': LINES },
  body: new TextEncoder().encode(body),
})

async function opened(pages: (request: TransportRequest) => Fault | undefined) {
  const device = new Device(filled(1))
  const tab: Tab = await device.tab()
  const paths: string[] = []
  tab.transport.fault = (request) => {
    if (!request.path.includes('/public')) return undefined
    paths.push(request.path)
    return pages(request)
  }
  const before = JSON.stringify([...device.disk.records.feeds])
  const view = await tab.engine.openStranger(STRANGER)
  return { device, tab, view, paths, kept: () => JSON.stringify([...device.disk.records.feeds]) !== before }
}

test('E48 a stranger’s entries come page by page, and nothing of them is kept', async () => {
  const { device, tab, view, paths, kept } = await opened(({ path }) =>
    answer(path.includes('cursor=c2') ? page(2, 1, true) : page(0, 2, false, 'snapshot')),
  )
  let told = 0
  view.subscribe(() => {
    told += 1
  })
  await Promise.all([view.more(), view.more()])
  expect([view.entries.size, view.complete]).toEqual([2, false])
  expect(view.animal(id(1))?.names).toEqual({ en: ['name 1'] })
  await view.more()
  await view.more()
  expect([view.entries.size, view.complete]).toEqual([3, true])
  expect(view.animal(id(1))?.scientificName).toBe('Alces alces')
  expect(paths).toEqual([`/api/v2/dex/${STRANGER}/public`, `/api/v2/dex/${STRANGER}/public?cursor=c2`])
  expect(told).toBe(2)
  expect(kept()).toBe(false)
  expect(device.disk.records.pictures.size).toBe(0)
  view.close()
  await tab.engine.stop()
})

test.each<[string, Fault, string]>([
  ['somebody unknown', { kind: 'refused', code: 'not_found' }, 'AppError'],
  ['a busy server', { kind: 'refused', code: 'rate_limited' }, 'AppError'],
  ['a feed that is being narrowed', answer(page(0, 0, false, 'later')), 'AppError'],
  ['no network', { kind: 'lost' }, 'NetworkFailure'],
  ['a cut page', answer(page(0, 2, false).slice(0, -30)), 'NetworkFailure'],
])('E48 %s rejects, and asking again loses nothing', async (_, fault, name) => {
  let bad = true
  const { tab, view } = await opened(() => (bad ? fault : answer(page(0, 2, true, 'snapshot'))))
  await expect(view.more()).rejects.toMatchObject({ name })
  bad = false
  await view.more()
  expect([view.entries.size, view.complete]).toEqual([2, true])
  view.close()
  await tab.engine.stop()
})

test('E48 somebody who is there no more, as for whom they blocked, takes with them what was read', async () => {
  const gone: Fault = { kind: 'refused', code: 'not_found' }
  const { tab, view } = await opened(({ path }) => (path.includes('cursor') ? gone : answer(page(0, 2, false, 'snapshot'))))
  let told = 0
  view.subscribe(() => {
    told += 1
  })
  await view.more()
  expect(view.animal(id(1))).toBeDefined()
  await expect(view.more()).rejects.toMatchObject({ code: 'not_found' })
  expect([view.entries.size, view.animal(id(1)), told]).toEqual([0, undefined, 2])
  view.close()
  await tab.engine.stop()
})

test('E48 a feed that became another one starts anew', async () => {
  const { tab, view } = await opened(({ path }) =>
    answer(path.includes('cursor') ? page(50, 1, true, 'reset') : page(0, 2, false, 'snapshot')),
  )
  await view.more()
  await view.more()
  expect([...view.entries.keys()]).toEqual([id(50)])
  view.close()
  await tab.engine.stop()
})
