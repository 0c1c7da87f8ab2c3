import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { imagesOf, Owner } from './kit/owner.ts'
import { capture, plate, signUp } from './kit/person.ts'
import type { PhotoFile } from './kit/photos.ts'
import type { Passing, Proxy } from './kit/proxy.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
let proxy: Proxy
let phone: Device
let owner: Owner

beforeAll(async () => {
  server = await stage.server()
  proxy = await stage.proxy(server)
  phone = await stage.device(proxy)
  phone.complaints.expectNoAnswer()
  // When a kept-alive line breaks, Chromium sends the same piece once more by itself. The server has part of it by then and
  // refuses; the app asks where the upload stands and goes on.
  phone.complaints.expectStatus(409, '/api/v2/uploads/')
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  owner = await Owner.signIn(server, 'mara')
})

const isPiece = ({ method, path }: Passing): boolean => method === 'PATCH' && path.startsWith('/api/v2/uploads/')
const offsetOf = ({ headers }: Passing): number => Number(headers['upload-offset'])

/** Notes where each piece of an upload began; does `harm` to the first one that begins behind the start. */
function harmSecondPiece(harm: (passing: Passing) => Promise<void>): {
  readonly offsets: readonly number[]
  done: Promise<void>
} {
  const offsets: number[] = []
  let harmed = false
  let resolve: () => void = () => undefined
  const done = new Promise<void>((resolved) => {
    resolve = resolved
  })
  proxy.weather = (passing) => {
    if (!isPiece(passing)) return undefined
    offsets.push(offsetOf(passing))
    if (harmed || offsetOf(passing) === 0) return undefined
    harmed = true
    return harm(passing).then(resolve)
  }
  return { offsets, done }
}

/** The photo is on the server once, byte for byte, and its picture was made. */
async function expectArrivedOnce({ sha256, bytes }: PhotoFile): Promise<void> {
  const its = () => imagesOf(server).filter((image) => image.sha256 === sha256)
  await expect.poll(() => its().map(({ state }) => state), { timeout: 20_000 }).toEqual(['ready'])
  const [image] = its()
  if (image) expect((await owner.picture(image, 'original')).equals(bytes)).toBe(true)
}

const WREN = { name: 'wren', latin: 'Troglodytes troglodytes' }

test.each([
  ['the line breaks', async (passing: Passing) => passing.cutAfter(400_000)],
  [
    'the server is killed',
    async (passing: Passing) => {
      await passing.cutAfter(400_000)
      await server.kill()
      await server.start()
    },
  ],
])('a photo goes on where it stood after %s in its middle', async (how, harm) => {
  const photo = await stage.photos.take({ width: 3000, height: 4000, seed: how.length })
  const { offsets, done } = harmSecondPiece(harm)
  await capture(phone.page, photo, WREN)
  await done
  await expectArrivedOnce(photo)
  expect(offsets.filter((offset) => offset === 0)).toEqual([0])
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  expect(offsets.length).toBeGreaterThan(3)
  await plate(phone.page, 'Wren').getByRole('img', { name: 'On the server' }).waitFor()
})

/** Points at which the server dies; those between are tried by the long test, and all of them without a browser by uploads-crash.test.ts. */
const POINTS = process.env.LONG ? ['arrived', 'verified', 'kept', 'developed'] : ['verified', 'developed']

test.each(POINTS)('a photo is kept once when the server dies with it %s', async (point) => {
  proxy.weather = undefined
  await server.kill()
  await server.start(point)
  const photo = await stage.photos.take({ seed: 100 + point.length })
  await capture(phone.page, photo, WREN)
  await server.died()
  await server.start()
  await expectArrivedOnce(photo)
})
