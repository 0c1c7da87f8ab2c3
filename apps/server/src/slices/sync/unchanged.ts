import { LINES } from '@biologidex/core/sync/wire'
import type { FastifyReply } from 'fastify'

const UNCHANGED = '{"unchanged":true}\n'
const HEADERS = { 'content-type': LINES, 'content-length': String(UNCHANGED.length) }

const waiting: FastifyReply[] = []

function flush(): void {
  for (const { raw } of waiting.splice(0)) {
    raw.writeHead(200, HEADERS)
    raw.end(UNCHANGED)
  }
}

/**
 * The answer that most pulls get, past Fastify: as one text, its head and body leave in one write. Those of one turn of the event loop
 * leave together at its end: one by one, each would wake the program that reads it, which takes longer than making the answer.
 */
export function sendUnchanged(reply: FastifyReply): FastifyReply {
  reply.hijack()
  if (waiting.push(reply) === 1) setImmediate(flush)
  return reply
}
