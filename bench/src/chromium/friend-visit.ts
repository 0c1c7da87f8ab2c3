import { demoOfTwo } from '../fixture/demo.ts'
import { inTurns, type Samples } from '../pairs.ts'
import { folder } from '../places.ts'
import { signIn, startAppOn } from './app.ts'
import { servePages } from './bare-pages.ts'
import { type Browser, inBrowser } from './browser.ts'

/** Milliseconds until the first visit's plates showed their pictures, and how many of a hundred pictures the second visit had here. */
interface Visits {
  readonly first: number
  readonly hits: number
}

const REST = 2_500

/** Waits until all plates in sight show their pictures; answers when that was, in milliseconds since the navigation. */
async function picturesInSight({ page }: Browser): Promise<number> {
  const seen = await page.waitForFunction(
    () => {
      const plates = [...document.querySelectorAll('.wall .plate')].filter((plate) => {
        const { top, bottom } = plate.getBoundingClientRect()
        return top < innerHeight && bottom > 0
      })
      const isShown = (image: HTMLImageElement | null) => image !== null && image.complete && image.naturalWidth > 0
      return plates.length > 2 && plates.every((plate) => isShown(plate.querySelector('img'))) && performance.now()
    },
    undefined,
    { polling: 'raf' },
  )
  return (await seen.jsonValue()) as number
}

/** Looks through a friend's wall from top to end, twice, and counts the pictures that were asked of the server. */
async function lookThrough({ page }: Browser): Promise<void> {
  for (let at = 0; at < 30; at += 1) {
    await page.evaluate(() => document.querySelector('#content')?.scrollBy(0, 600))
    await page.waitForTimeout(100)
  }
  await page.waitForTimeout(REST)
}

async function visits(
  url: string,
  address: string,
  person: { username: string; password: string },
  bodies: Map<string, Buffer>,
) {
  return inBrowser(await folder('profile'), async (browser): Promise<Visits> => {
    const { page } = browser
    let asked = 0
    page.on('response', async (response) => {
      if (!response.url().endsWith('/wall')) return
      asked += 1
      const body = await response.body().catch(() => undefined)
      if (body && bodies.size < 100) bodies.set(response.url(), body)
    })
    await signIn(browser, url, person)
    await picturesInSight(browser)
    await page.waitForTimeout(REST)
    await page.goto(address)
    const first = await picturesInSight(browser)
    asked = 0
    await lookThrough(browser)
    const fetched = asked
    asked = 0
    await page.goto(address)
    await picturesInSight(browser)
    await lookThrough(browser)
    return { first, hits: fetched === 0 ? Number.NaN : 100 * (1 - asked / fetched) }
  })
}

async function measure(pairs: number): Promise<Record<keyof Visits, Samples>> {
  const { dataDir, own, friend, password } = await demoOfTwo()
  const server = await startAppOn(dataDir)
  const pages = await servePages()
  const done: Visits[] = []
  const bodies = new Map<string, Buffer>()
  const address = `${server.url}/dex/${friend.username}`
  try {
    const first = await inTurns(
      pairs,
      async () => {
        done.push(await visits(server.url, address, { username: own.username, password }, bodies))
        return done.at(-1)?.first ?? Number.NaN
      },
      async () => {
        for (const [n, body] of [...bodies.values()].slice(0, 8).entries()) pages.put(`/picture/${n}`, 'image/webp', body)
        return barePictures(pages.url)
      },
    )
    return { first, hits: { ours: done.slice(1).map(({ hits }) => hits), bare: done.slice(1).map(() => 100) } }
  } finally {
    await server.stop()
    await pages.close()
  }
}

/** A plain page with eight of the same pictures: navigation to all decoded. */
const barePictures = async (url: string): Promise<number> =>
  inBrowser(await folder('profile'), async ({ page }) => {
    await page.goto(url)
    return page.evaluate(async () => {
      const images = Array.from({ length: 8 }, (_, n) => Object.assign(new Image(), { src: `/picture/${n}` }))
      document.body.append(...images)
      await Promise.all(images.map((image) => image.decode()))
      return performance.now()
    })
  })

let measuring: Promise<Record<keyof Visits, Samples>> | undefined

/** A friend's dex visited for the first and the second time, measured once in a run for both rows that tell of it. */
export async function friendVisits(pairs: number, key: keyof Visits): Promise<Samples> {
  measuring ??= measure(pairs)
  return (await measuring)[key]
}
