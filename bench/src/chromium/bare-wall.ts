import type { Page } from 'playwright-core'
import type { BarePages } from './bare-pages.ts'

/** Sizes of the app's wall on the same screen, in CSS pixels. */
const GEOMETRY = { columns: 2, width: 173, height: 256, gap: 12, side: 16, rowsBeyond: 3, plates: 10_000 }

/** Fills a bare page with a scroller of 10,000 places, of which those in sight and a few more hold a picture each. */
export async function drawBareWall(page: Page, { url }: BarePages, pictures: number): Promise<void> {
  await page.goto(url)
  await page.evaluate(
    async ({ columns, width, height, gap, side, rowsBeyond, plates, pictures: count }) => {
      const loaded = Array.from({ length: count }, async (_, n) => (await fetch(`/picture/${n}`)).blob())
      const blobs = await Promise.all(loaded)
      const scroller = document.createElement('div')
      scroller.id = 'content'
      scroller.style.cssText = 'position:fixed;inset:0;overflow:auto'
      const wall = document.createElement('div')
      wall.style.cssText = `position:relative;height:${Math.ceil(plates / columns) * (height + gap)}px`
      scroller.append(wall)
      document.body.append(scroller)
      const rows = new Map<number, HTMLImageElement[]>()
      const picture = (at: number): HTMLImageElement => {
        const image = new Image(width, width)
        image.decoding = 'async'
        const [row, column] = [Math.floor(at / columns), at % columns]
        const [x, y] = [side + column * (width + gap), row * (height + gap)]
        image.style.cssText = `position:absolute;object-fit:cover;transform:translate(${x}px,${y}px)`
        image.src = URL.createObjectURL(blobs[at % count] as Blob)
        wall.append(image)
        return image
      }
      const draw = (): void => {
        const first = Math.max(0, Math.floor(scroller.scrollTop / (height + gap)) - rowsBeyond)
        const last = Math.ceil((scroller.scrollTop + scroller.clientHeight) / (height + gap)) + rowsBeyond
        for (const [row, images] of rows) {
          if (row >= first && row < last) continue
          for (const image of images) {
            URL.revokeObjectURL(image.src)
            image.remove()
          }
          rows.delete(row)
        }
        for (let row = first; row < last; row += 1) {
          if (!rows.has(row))
            rows.set(
              row,
              Array.from({ length: columns }, (_, column) => picture(row * columns + column)),
            )
        }
      }
      scroller.addEventListener('scroll', draw)
      draw()
    },
    { ...GEOMETRY, pictures },
  )
}
