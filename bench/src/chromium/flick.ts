import type { Browser } from './browser.ts'

/** A wheel that is turned as fast as a finger flicks, again and again; in CSS pixels and milliseconds. */
const FLICK = { x: 195, y: 400, yDistance: -3_000, speed: 5_000, gestureSourceType: 'mouse' } as const
const FLICKS = 6
const BETWEEN = 250
const SETTLING = 1_500
const FRAME = 1000 / 60

declare global {
  interface Window {
    stopFrames?: () => readonly number[]
  }
}

/** The share of frames that came late, in per cent: of all that a screen of 60 frames a second would have shown. */
export function lateShare(times: readonly number[]): number {
  let [slots, late] = [0, 0]
  for (const [at, time] of times.entries()) {
    if (at === 0) continue
    const passed = Math.max(1, Math.round((time - (times[at - 1] ?? time)) / FRAME))
    slots += passed
    late += passed - 1
  }
  return (100 * late) / slots
}

/** Flicks through a part of the wall; `from`: where it begins, as a share of the whole. Answers the late frames in per cent. */
export async function flickThrough({ page, tools }: Browser, from: number, slowdown: number): Promise<number> {
  await page.evaluate((share) => {
    const scroller = document.querySelector('#content')
    scroller?.scrollTo(0, share * scroller.scrollHeight)
  }, from)
  await page.waitForTimeout(SETTLING)
  await tools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.evaluate(() => {
    const times: number[] = []
    let stopped = false
    const tick = (time: number): void => {
      times.push(time)
      if (!stopped) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    window.stopFrames = () => {
      stopped = true
      return times
    }
  })
  const before = await topOf(page)
  for (let flick = 0; flick < FLICKS; flick += 1) {
    await tools.send('Input.synthesizeScrollGesture', FLICK)
    await page.waitForTimeout(BETWEEN)
  }
  const times = await page.evaluate(() => window.stopFrames?.() ?? [])
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  if ((await topOf(page)) - before < FLICKS * -FLICK.yDistance * 0.8) throw new Error('the wall did not follow the flicks')
  return lateShare(times)
}

const topOf = (page: Browser['page']): Promise<number> =>
  page.evaluate(() => document.querySelector('#content')?.scrollTop ?? 0)
