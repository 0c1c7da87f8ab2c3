import type { Page } from 'playwright-core'

/** Rows that are brought into the wall one after another, at rest in between. */
const ROWS = 60
const PAUSE = 150

/** Milliseconds from a plate's coming into the wall to its picture decoded, for each plate of some rows. */
export function timesOnWall(page: Page, from: number): Promise<readonly number[]> {
  return page.evaluate(
    async ({ share, rows, pause }) => {
      const scroller = document.querySelector('#content')
      const wall = document.querySelector('.wall')
      const row = (wall?.querySelector('li')?.offsetHeight ?? 0) + 12
      scroller?.scrollTo(0, share * scroller.scrollHeight)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const times: number[] = []
      const born = new Map<Element, number>()
      const decoded = async (image: HTMLImageElement, since: number): Promise<void> => {
        await image.decode()
        times.push(performance.now() - since)
      }
      const see = (image: Element | null): void => {
        const plate = image?.closest('.wall > li')
        if (!plate || !(image instanceof HTMLImageElement) || !image.hasAttribute('src')) return
        const since = born.get(plate)
        if (since === undefined) return
        born.delete(plate)
        void decoded(image, since)
      }
      const observer = new MutationObserver((changes) => {
        for (const { type, target, addedNodes } of changes) {
          // A picture that comes later than its plate.
          if (type === 'attributes' && target instanceof Element) see(target)
          for (const node of addedNodes) {
            if (!(node instanceof HTMLElement) || !node.matches('.wall > li')) continue
            born.set(node, performance.now())
            see(node.querySelector('img'))
          }
        }
      })
      if (wall) observer.observe(wall, { childList: true, subtree: true, attributes: true, attributeFilter: ['src'] })
      for (let at = 0; at < rows; at += 1) {
        scroller?.scrollBy(0, row)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
      observer.disconnect()
      return times
    },
    { share: from, rows: ROWS, pause: PAUSE },
  )
}

/** Puts pictures into the bare page's IndexedDB, a row each. */
export async function keepBarePictures(page: Page, url: string, pictures: number): Promise<void> {
  await page.goto(url)
  await page.evaluate(async (count) => {
    const { Dexie } = (await import(`${location.origin}/dexie.mjs`)) as typeof import('dexie')
    const db = new Dexie('bare')
    db.version(1).stores({ pictures: '' })
    for (let n = 0; n < count; n += 1) {
      const bytes = new Uint8Array(await (await fetch(`/picture/${n}`)).arrayBuffer())
      await db.table('pictures').put(bytes, n)
    }
    db.close()
  }, pictures)
}

/** Milliseconds from asking IndexedDB for a picture to its being decoded, two at a time as on the wall. */
export function timesOfBare(page: Page, pictures: number): Promise<readonly number[]> {
  return page.evaluate(
    async ({ count, rows, pause }) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('bare')
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      const read = (n: number): Promise<Uint8Array<ArrayBuffer>> =>
        new Promise((resolve, reject) => {
          const request = db.transaction('pictures').objectStore('pictures').get(n)
          request.onsuccess = () => resolve(request.result as Uint8Array<ArrayBuffer>)
          request.onerror = () => reject(request.error)
        })
      const show = async (n: number): Promise<number> => {
        const began = performance.now()
        const image = new Image()
        image.src = URL.createObjectURL(new Blob([await read(n)]))
        document.body.replaceChildren(image)
        await image.decode()
        return performance.now() - began
      }
      const times: number[] = []
      for (let at = 0; at < rows; at += 1) {
        times.push(...(await Promise.all([show((2 * at) % count), show((2 * at + 1) % count)])))
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
      db.close()
      return times
    },
    { count: pictures, rows: ROWS, pause: PAUSE },
  )
}
