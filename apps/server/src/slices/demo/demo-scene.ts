import { createRequire } from 'node:module'
import type { DemoAnimal, Land } from './demo-animals.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Drawings of animals, as the package has them: the inside of an SVG of 32 × 32. */
interface Art {
  readonly icons: Readonly<Record<string, { readonly body: string }>>
}

/** Longest side of a drawn picture, in pixels. */
const WIDTH = 1600
const HEIGHTS = [1200, 1600, 2000]

/** Colours of a land: sky above, sky at the horizon, far and near ground, what grows there. */
const COLOURS: Record<Land, readonly [string, string, string, string, string]> = {
  meadow: ['#CFE6F2', '#F4EBC8', '#B9CC8C', '#8FAF63', '#6C8F4A'],
  wood: ['#E6DDBF', '#F0E3C0', '#8FA37A', '#5F7A55', '#3F5B43'],
  water: ['#D6E8EC', '#EEF1E2', '#8FB9BF', '#5C93A0', '#7FA36A'],
  night: ['#1F2C47', '#47577C', '#2E3C57', '#1B2740', '#14203A'],
  sand: ['#F3D9A9', '#F8E9C8', '#DDBB7E', '#C59C5C', '#9C8A4E'],
  ice: ['#C7DDEE', '#EEF5F8', '#DCE9F0', '#BCD3E0', '#A3BBCB'],
  farm: ['#DDEAF0', '#F6EBCF', '#CFC486', '#A9A75E', '#B5653F'],
}

const loaded: { art?: Art } = {}

function bodyOf(name: string): string {
  loaded.art ??= createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/icons.json') as Art
  const icon = loaded.art.icons[name]
  if (!icon) throw new Error(`there is no drawing of ${name}`)
  return icon.body
}

/** A ridge from left to right, at about `y` of 100, its hills as the random numbers say. */
function ridge(random: SeededRandom, y: number, rise: number): string {
  const points = Array.from(
    { length: 5 },
    (_, at) => `${at * 25} ${Math.round((y + (random.fraction() - 0.5) * rise) * 10) / 10}`,
  )
  return `M0 100L${points[0]}${points
    .slice(1)
    .map((point, at) => `S${at * 25 + 14} ${point.split(' ')[1]} ${point}`)
    .join('')}L100 100Z`
}

function growth(random: SeededRandom, colour: string, floor: number): string {
  return Array.from({ length: random.whole(4, 11) }, () => {
    const [x, size] = [random.whole(0, 100), 2 + random.fraction() * 5]
    const y = floor + random.fraction() * 14
    return `<ellipse cx="${x}" cy="${y.toFixed(1)}" rx="${(size * 0.6).toFixed(1)}" ry="${size.toFixed(1)}" fill="${colour}" opacity="${(0.35 + random.fraction() * 0.5).toFixed(2)}"/>`
  }).join('')
}

function sky(random: SeededRandom, land: Land, height: number): string {
  const [x, y, r] = [random.whole(12, 88), random.whole(8, 30), random.whole(4, 9)]
  const light = `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${((r * WIDTH) / height).toFixed(2)}" fill="#fff" opacity=".55"/>`
  if (land !== 'night') return light
  const star = () => `<circle cx="${random.whole(0, 100)}" cy="${random.whole(0, 50)}" r=".3" fill="#fff" opacity=".8"/>`
  return light + Array.from({ length: 24 }, star).join('')
}

/** A picture of an animal in its land as SVG: another one for every state of the random numbers. */
export function drawScene(random: SeededRandom, { art, land }: DemoAnimal): string {
  const [high, low, far, near, plant] = COLOURS[land]
  const height = random.pick(HEIGHTS)
  const size = random.whole(30, 46)
  const [x, y] = [random.whole(16, 84 - size), random.whole(78, 90) - size]
  const flip = random.fraction() < 0.5 ? `translate(${2 * x + size} 0) scale(-1 1)` : 'translate(0 0)'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="none">
<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${high}"/><stop offset=".7" stop-color="${low}"/></linearGradient></defs>
<rect width="100" height="100" fill="url(#s)"/>${sky(random, land, height)}
<path d="${ridge(random, 56, 16)}" fill="${far}"/><path d="${ridge(random, 70, 12)}" fill="${near}"/>${growth(random, plant, 70)}
<ellipse cx="${x + size / 2}" cy="${y + size}" rx="${size * 0.42}" ry="1.8" fill="#000" opacity=".18"/>
<g transform="${flip}"><svg x="${x}" y="${y}" width="${size}" height="${size}" viewBox="0 0 32 32" preserveAspectRatio="xMidYMax meet">${bodyOf(art)}</svg></g></svg>`
}
