/** Calls back when the browser has nothing more urgent to do; returns a cancel. */
export function whenIdle(callback: () => void): () => void {
  // Safari has no idle callbacks: there it is done a little later, whatever else happens.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(callback, 50)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(callback)
  return () => cancelIdleCallback(handle)
}
