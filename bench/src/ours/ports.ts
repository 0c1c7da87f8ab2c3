import { Agent, type IncomingMessage, request } from 'node:http'
import { createZstdDecompress } from 'node:zlib'
import { memoryBlobs } from '@biologidex/client/adapters/memory'
import { memoryChannelHub, memoryLock } from '@biologidex/client/adapters/memory-tabs'
import { sqliteStore } from '@biologidex/client/adapters/sqlite'
import { cryptoRandom, systemClock, webHasher } from '@biologidex/client/adapters/system'
import { NetworkFailure, type Ports, type Transport, type TransportRequest } from '@biologidex/client/ports'
import type { Job } from '../job.ts'
import { recording } from './record.ts'

function httpTransport({ url, token, zstd }: Job): Transport {
  const agent = new Agent({ keepAlive: true })
  const ask = (it: TransportRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, ...(zstd ? { 'accept-encoding': 'zstd' } : {}), ...it.headers }
      const signal = it.signal ? { signal: it.signal } : {}
      const out = request(new URL(it.path, url), { agent, method: it.method, headers, ...signal }, resolve)
      out.on('error', (error) => reject(new NetworkFailure(error.message)))
      out.end(it.body)
    })
  return {
    onReconnect: () => () => undefined,
    async request(it) {
      const answer = await ask(it)
      const body = answer.headers['content-encoding'] === 'zstd' ? answer.pipe(createZstdDecompress()) : answer
      return {
        status: answer.statusCode ?? 0,
        header: (name) => answer.headers[name]?.toString(),
        body,
      }
    },
  }
}

const noNetwork: Transport = {
  onReconnect: () => () => undefined,
  request: () => Promise.reject(new NetworkFailure('offline')),
}

/** Ports of a client in Node: its store on disk, its pictures in memory (none are asked for here). */
export function openPorts(job: Job): Ports {
  const transport = job.work === 'edit' ? noNetwork : httpTransport(job)
  return {
    store: sqliteStore(job.dir, job.account),
    blobs: memoryBlobs(),
    transport: job.record ? recording(transport, job.record) : transport,
    clock: systemClock(),
    lock: memoryLock(),
    channel: memoryChannelHub().open(),
    random: cryptoRandom(),
    hasher: webHasher(),
  }
}
