import { readFileSync, writeFileSync } from 'node:fs'

const MEGABYTE = 1_000_000

function bytes(pid: number | 'self', name: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** Watches a process from now on (Linux only); the answered function tells by how many megabytes its memory had grown at its peak. */
export function watchMemory(pid: number | 'self'): () => number {
  const before = bytes(pid, 'VmRSS')
  // 5 sets the peak to what is held now (man 5 proc).
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return () => (bytes(pid, 'VmHWM') - before) / MEGABYTE
}
