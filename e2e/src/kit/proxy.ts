import { once } from 'node:events'
import { createServer, type Server as HttpServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { freePort } from './ports.ts'

/** A request on its way through, and what may befall it. */
export interface Passing {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Hands it on to the server and the answer back, as ever. */
  pass(): Promise<void>
  /** Hands it on, waits for the whole answer, and says nothing of it: the line breaks. */
  loseAnswer(): Promise<void>
  /** Hands it on twice, one after the other, and gives back the second answer. */
  twice(): Promise<void>
  /** Hands on the first so many bytes of the body; then both lines break. Resolves when the server has them. */
  cutAfter(bytes: number): Promise<void>
  /** Hands on all of it, waits so many milliseconds and kills the server: it may be anywhere in its work. */
  killAfter(ms: number, kill: () => Promise<void>): Promise<void>
  /** Answers in the server's place, with a page and status 200, as captive portals do. */
  answerWithPage(): Promise<void>
}

/** What befalls requests; answers undefined for those that pass as ever. */
export type Weather = (passing: Passing) => Promise<void> | undefined

const PAGE = '<!doctype html><title>Hotel Wi-Fi</title><h1>Welcome! Sign in to surf.</h1>'

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** One request and its way; made for each. */
class Way implements Passing {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly #incoming: IncomingMessage
  readonly #answer: ServerResponse
  readonly #port: number

  constructor(port: number, incoming: IncomingMessage, answer: ServerResponse) {
    this.method = incoming.method ?? 'GET'
    this.path = incoming.url ?? '/'
    this.headers = incoming.headers
    this.#incoming = incoming
    this.#answer = answer
    this.#port = port
  }

  async pass(): Promise<void> {
    const onward = this.#onward()
    this.#incoming.pipe(onward)
    const [back] = (await once(onward, 'response')) as [IncomingMessage]
    this.#answer.writeHead(back.statusCode ?? 502, back.headers)
    this.#answer.flushHeaders()
    // A stream of events stays open: whichever side leaves takes the other along.
    this.#answer.on('close', () => onward.destroy())
    back.on('error', () => this.#answer.destroy()).pipe(this.#answer)
  }

  async loseAnswer(): Promise<void> {
    await this.#send(await bodyOf(this.#incoming))
    this.#answer.destroy()
  }

  async twice(): Promise<void> {
    const body = await bodyOf(this.#incoming)
    await this.#send(body)
    const { status, headers, bytes } = await this.#send(body)
    this.#answer.writeHead(status, headers).end(bytes)
  }

  async cutAfter(bytes: number): Promise<void> {
    const body = await bodyOf(this.#incoming)
    const onward = this.#onward()
    onward.on('error', () => undefined)
    await new Promise((resolve) => onward.write(body.subarray(0, bytes), resolve))
    onward.destroy()
    this.#answer.destroy()
  }

  async killAfter(ms: number, kill: () => Promise<void>): Promise<void> {
    const body = await bodyOf(this.#incoming)
    const onward = this.#onward()
    onward.on('error', () => undefined)
    await new Promise((resolve) => onward.end(body, () => resolve(undefined)))
    await setTimeout(ms)
    await kill()
    this.#answer.destroy()
  }

  async answerWithPage(): Promise<void> {
    await bodyOf(this.#incoming)
    this.#answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE)
  }

  #onward() {
    const { method, path, headers } = this
    return request({ host: '127.0.0.1', port: this.#port, method, path, headers, agent: false })
  }

  async #send(body: Buffer): Promise<{ status: number; headers: IncomingMessage['headers']; bytes: Buffer }> {
    const onward = this.#onward()
    onward.end(body)
    const [back] = (await once(onward, 'response')) as [IncomingMessage]
    return { status: back.statusCode ?? 502, headers: back.headers, bytes: await bodyOf(back) }
  }
}

/** A line between browsers and a server on which requests can come to grief. */
export class Proxy {
  readonly port: number
  /** Set by tests; undefined: fair weather. */
  weather: Weather | undefined
  readonly #http: HttpServer
  readonly #lines = new Set<Socket>()

  private constructor(port: number, server: { readonly port: number }) {
    this.port = port
    this.#http = createServer((incoming, answer) => {
      const way = new Way(server.port, incoming, answer)
      const going = this.weather?.(way) ?? way.pass()
      // The server may be dead: then the browser's line breaks as well.
      going.catch(() => answer.destroy())
    })
    this.#http.on('connection', (line: Socket) => {
      this.#lines.add(line)
      line.on('close', () => this.#lines.delete(line))
    })
  }

  static async open(server: { readonly port: number }): Promise<Proxy> {
    const proxy = new Proxy(await freePort(), server)
    proxy.#http.listen(proxy.port, '127.0.0.1')
    await once(proxy.#http, 'listening')
    return proxy
  }

  get origin(): string {
    return `http://localhost:${(this.#http.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const line of this.#lines) line.destroy()
    this.#http.close()
    await once(this.#http, 'close')
  }
}
