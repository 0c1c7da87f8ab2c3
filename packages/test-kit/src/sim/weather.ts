import type { Chance } from './chance.ts'

/** How bad a network is: how often, between 0 and 1, each thing happens to a request. */
export interface Weather {
  readonly lost: number
  readonly unanswered: number
  /** A page or an error of something between device and server, in the place of the request or of its answer. */
  readonly foreign: number
  readonly cutUp: number
  readonly cutDown: number
  readonly repeated: number
  /** An answer that was sent dies with the server. */
  readonly taken: number
  /** The longest way in one direction, in milliseconds. */
  readonly slowest: number
}

/** Nothing goes wrong and everything is near. */
export const FAIR: Weather = { lost: 0, unanswered: 0, foreign: 0, cutUp: 0, cutDown: 0, repeated: 0, taken: 0, slowest: 5 }

/** Weather for a whole seed: each fault may be rare or frequent, so that each meets both. */
export function drawWeather(chance: Chance): Weather {
  const often = () => chance.pick([0, 0.02, 0.05, 0.1, 0.25])
  return {
    lost: often(),
    unanswered: often(),
    foreign: often(),
    cutUp: often(),
    cutDown: often(),
    repeated: often(),
    taken: often(),
    slowest: chance.pick([20, 200, 2_000, 8_000]),
  }
}

/** What is answered by something that is not the server, or by the server in distress. */
export interface Foreign {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const PROBLEM = { 'content-type': 'application/problem+json' }

const problem = (status: number, code: string): string =>
  JSON.stringify({ type: code, title: code, status, code, detail: code })

export const FOREIGN: readonly Foreign[] = [
  { status: 200, headers: HTML, body: '<!doctype html><title>Welcome</title><p>Sign in to this network to go on.</p>' },
  { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' },
  { status: 502, headers: HTML, body: '<html><h1>502 Bad Gateway</h1></html>' },
  { status: 503, headers: { ...PROBLEM, 'retry-after': '2' }, body: problem(503, 'unavailable') },
  { status: 503, headers: HTML, body: '<html><h1>Service Unavailable</h1></html>' },
  { status: 429, headers: { ...PROBLEM, 'retry-after': '5' }, body: problem(429, 'rate_limited') },
  { status: 504, headers: {}, body: '' },
]

/** What becomes of one request: drawn before it leaves, all at once, so that requests don't shift each other's fate. */
export interface Fate {
  /** Milliseconds on the way there and back, and until one knows that nothing comes. */
  readonly there: number
  readonly back: number
  readonly patience: number
  readonly lost: boolean
  readonly unanswered: boolean
  readonly foreignRequest: Foreign | undefined
  readonly foreignAnswer: Foreign | undefined
  /** How much of the body gets through, from 0 to 1. */
  readonly cutUp: number | undefined
  readonly cutDown: number | undefined
  /** The same request arrives once more, so many milliseconds after the first. */
  readonly repeatAfter: number | undefined
  /** What the server sent before it died still arrives. */
  readonly outlives: boolean
  /** How an answer's body is split on its way. */
  readonly pieces: number
  /** How long a stream of events lasts at most, in milliseconds. */
  readonly streamLasts: number
}

export function drawFate(weather: Weather, chance: Chance): Fate {
  const upTo = (most: number) => Math.floor(chance.fraction() ** 2 * most)
  const maybe = <T>(probability: number, value: T) => (chance.happens(probability) ? value : undefined)
  return {
    there: 1 + upTo(weather.slowest),
    back: 1 + upTo(weather.slowest),
    patience: chance.between(500, 20_000),
    lost: chance.happens(weather.lost),
    unanswered: chance.happens(weather.unanswered),
    foreignRequest: maybe(weather.foreign / 2, chance.pick(FOREIGN)),
    foreignAnswer: maybe(weather.foreign / 2, chance.pick(FOREIGN)),
    cutUp: maybe(weather.cutUp, chance.fraction()),
    cutDown: maybe(weather.cutDown, chance.fraction()),
    repeatAfter: maybe(weather.repeated, chance.pick([0, 1, 30, 1_000, 60_000, 400_000])),
    outlives: !chance.happens(weather.taken),
    pieces: chance.between(1, 3),
    streamLasts: chance.pick([2_000, 30_000, 600_000, 86_400_000]),
  }
}
