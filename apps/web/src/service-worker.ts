import { cacheNames } from 'workbox-core'
import { cleanupOutdatedCaches, createHandlerBoundToURL, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

/** What this file uses of its global; the DOM's own types describe a window. */
interface Worker {
  readonly __WB_MANIFEST: (PrecacheEntry | string)[]
  skipWaiting(): Promise<void>
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'install', listener: (event: InstallEvent) => void): void
}
/** The static routes of an installing worker, where the browser has them: https://w3c.github.io/ServiceWorker/#service-worker-static-router */
interface InstallEvent {
  addRoutes?(routes: { condition: { urlPattern: string }; source: { cacheName: string } }): Promise<void>
}
declare const self: Worker

// The app shell, and nothing else: content is the engine's, pictures are its cache's.
precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
// Files that carry a hash of their content in their name are found by the browser itself, without waking or waiting for this worker.
self.addEventListener('install', (event) => {
  void event.addRoutes?.({ condition: { urlPattern: '/assets/*' }, source: { cacheName: cacheNames.precache } })
})
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//] }))

// A new version waits until the person says so (updates.ts): a page never changes under somebody's hands.
self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting()
})
