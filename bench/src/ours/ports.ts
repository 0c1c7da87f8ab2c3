import { join } from 'node:path'
import { nodePorts } from '@biologidex/client/adapters/node'
import { NetworkFailure, type Ports, type Transport } from '@biologidex/client/ports'
import type { Job } from '../job.ts'
import { recording } from './record.ts'

const noNetwork: Transport = {
  onReconnect: () => () => undefined,
  request: () => Promise.reject(new NetworkFailure('offline')),
}

/** The same transport, asking for answers as they are. */
const uncompressed = (transport: Transport): Transport => ({
  onReconnect: (listener) => transport.onReconnect(listener),
  request: (request) => transport.request({ ...request, headers: { ...request.headers, 'accept-encoding': 'identity' } }),
})

function transportFor(job: Job, real: Transport): Transport {
  if (job.work === 'edit') return noNetwork
  const transport = job.zstd ? real : uncompressed(real)
  return job.record ? recording(transport, job.record) : transport
}

/** The ports of a client in Node, its key within the folder, so that copies of it open; compressed answers only where the job says so. */
export function openPorts(job: Job): Ports {
  const ports = nodePorts({
    account: job.account,
    dir: job.dir,
    baseUrl: job.url,
    token: job.token,
    keyFile: join(job.dir, 'key'),
  })
  return { ...ports, transport: transportFor(job, ports.transport) }
}
