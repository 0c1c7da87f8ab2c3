import { isSheetOpen } from '../ui/sheet-open.ts'
import { say } from '../ui/toast.ts'
import { reloadGently } from './before-reload.ts'
import { t } from './i18n.tsx'

/** How often an open app looks for a new version, in milliseconds. */
const EVERY = 60 * 60 * 1000

function offer(run: () => void): void {
  say({ id: 'update', text: t('app.update'), stays: true, action: { label: t('app.update.reload'), run } })
}

/** How long a version that was asked for may take to take over, in milliseconds. */
const PATIENCE = 4_000

let asked = false
let reloading = false

function reload(): void {
  if (reloading) return
  reloading = true
  // Whoever stays, where the browser asks, may ask for it again.
  void reloadGently().finally(() => {
    reloading = false
  })
}

/** A browser lets it take over once nothing is under way in the old one, however long that lasts: leaving the page ends what this page began. */
const takeOver = (waiting: ServiceWorker) => () => {
  asked = true
  waiting.postMessage('take-over')
  setTimeout(reload, PATIENCE)
}

/** Offers a version that has arrived beside a running one; the first one ever needs no word. */
function watch(registration: ServiceWorkerRegistration): void {
  const consider = () => {
    if (registration.waiting && navigator.serviceWorker.controller) offer(takeOver(registration.waiting))
  }
  consider()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', consider)
  })
  setInterval(() => void registration.update().catch(() => undefined), EVERY)
}

/**
 * Installs the service worker of a built app and says when a new version is ready. Work is kept: the outbox lies on disk, and a
 * half-typed capture is written down before the page reloads. It reloads after its person asked for the new version, here or in another
 * tab; in one where a sheet is open, only when asked there too.
 */
export function watchForUpdates(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const had = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (!had) return
    if (!asked && isSheetOpen()) return offer(reload)
    reload()
  })
  navigator.serviceWorker.register('/service-worker.js').then(watch, (error: unknown) => {
    // Without HTTPS there is no service worker: the app works, but does not open without a network.
    console.warn('The app shell could not be installed.', error)
  })
}
