import type { Browser } from './browser.ts'

/** Megabytes of JavaScript's heap that are in use once everything that can be let go has been. */
export async function heapOf({ tools }: Browser): Promise<number> {
  await tools.send('HeapProfiler.enable')
  await tools.send('HeapProfiler.collectGarbage')
  await tools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await tools.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}
