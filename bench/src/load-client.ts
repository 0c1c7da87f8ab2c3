import { connect } from 'node:net'
import { bytesOf, type LoadJob, type LoadReport } from './load.ts'

/** Bytes of a whole answer, told from its beginning; a refusal throws. */
function sizeOf(answer: Buffer): number {
  const text = answer.toString('latin1')
  const [, length] = /^HTTP\/1\.1 200 [^]*?\r\ncontent-length: (\d+)\r\n/i.exec(text) ?? []
  if (length === undefined) throw new Error(`not an answer of a known length: ${text.slice(0, 200)}`)
  return text.indexOf('\r\n\r\n') + 4 + Number(length)
}

/**
 * Asks on one connection until it is time, and answers how often it was answered. Of each answer only the first bytes and the number of
 * bytes are looked at: a client that does more takes the time from the server, on a machine of two cores.
 */
function ask(job: LoadJob, request: Buffer, until: number): Promise<number> {
  const { hostname, port } = new URL(job.url)
  return new Promise((resolve, reject) => {
    let answers = 0
    let missing = 0
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('data', (piece) => {
      try {
        missing = (missing || sizeOf(piece)) - piece.length
      } catch (error) {
        return reject(error)
      }
      if (missing > 0) return
      answers += 1
      if (performance.now() < until) return void socket.write(request)
      socket.end()
      resolve(answers)
    })
  })
}

const reply = (report: LoadReport): void => void process.send?.(report, () => process.exit())

/** The process that asks, over raw sockets. */
process.once('message', (job: LoadJob) => {
  const request = bytesOf(job)
  const began = performance.now()
  const until = began + job.seconds * 1000
  Promise.all(Array.from({ length: job.connections }, () => ask(job, request, until))).then(
    (answers) => {
      const sum = answers.reduce((all, each) => all + each, 0)
      reply({ perSecond: (sum * 1000) / (performance.now() - began) })
    },
    (error: unknown) => reply({ error: String(error) }),
  )
})
