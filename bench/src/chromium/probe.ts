/** What a page under measurement notes of itself; times in milliseconds since its navigation. */
export interface Probe {
  /** When the first plates were painted. */
  plates?: number
  /** When a feed's last write was complete, as IndexedDB reports it. */
  stored?: number
}

declare global {
  interface Window {
    readonly probe: Probe
  }
}

/** Runs in the page before any script of it, and is therefore whole in itself. */
export function probe(): void {
  const noted: Probe = {}
  Object.defineProperty(window, 'probe', { value: noted })
  // The sign-in draws plates too, where nobody sees them.
  const drawn = new MutationObserver(() => {
    if (!document.querySelector('.app .plate')) return
    drawn.disconnect()
    // The frame that shows them has been made when a task after its callbacks runs.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        noted.plates = performance.now()
      }
      port2.postMessage(undefined)
    })
  })
  drawn.observe(document, { childList: true, subtree: true })
  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, stores, mode, options) {
    const made = transaction.call(this, stores, mode, options)
    // A feed's database lies below its account's; names say no more than that.
    if (mode === 'readwrite' && /^biologidex(-sealed)?\/[^/]+\/./.test(this.name)) {
      made.addEventListener('complete', () => {
        noted.stored = performance.now()
      })
    }
    return made
  }
}
