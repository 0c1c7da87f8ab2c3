import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '@biologidex/core/errors'

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** OWASP's least for Argon2id: 19 MiB, two passes. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32
/** Hashing takes a thread and 19 MiB each: more at once would starve file reads, more waiting would be of no use. */
const AT_ONCE = 2
const MAX_WAITING = 50

const derive = promisify(argon2)
const waiting: (() => void)[] = []
let running = 0

/** Takes one of the places for hashing; waits in line for it, unless the line is long. */
async function enter(): Promise<void> {
  if (running < AT_ONCE) {
    running += 1
    return
  }
  if (waiting.length >= MAX_WAITING) throw new AppError('unavailable')
  await new Promise<void>((resolve) => waiting.push(resolve))
}

/** Hands the place to the next in line. */
function leave(): void {
  const next = waiting.shift()
  if (next) next()
  else running -= 1
}

/** Characters that look alike can be typed in more than one form (é): one form is hashed. */
async function tagOf(password: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  await enter()
  try {
    return await derive('argon2id', { ...cost, message: Buffer.from(password.normalize('NFKC')), nonce, tagLength })
  } finally {
    leave()
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/**
 * Argon2id of a password in the PHC string format, off the event loop.
 * @throws AppError unavailable when too many wait for theirs
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await tagOf(password, salt, COST, TAG_BYTES)
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** A hash that no password has: what a sign-in to an unknown account is checked against. */
const NOBODY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(randomBytes(SALT_BYTES))}$${base64(randomBytes(TAG_BYTES))}`

/**
 * Whether a password is the one that was hashed. Without a hash it takes as long and says no, so that time does not tell
 * which accounts there are.
 * @throws AppError unavailable when too many wait for theirs
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash ?? NOBODY) ?? []
  if (!tag) throw new Error('a stored password hash is not in the PHC format of Argon2id')
  const expected = Buffer.from(tag, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const actual = await tagOf(password, Buffer.from(salt, 'base64'), cost, expected.length)
  return timingSafeEqual(actual, expected)
}
