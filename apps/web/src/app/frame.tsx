import { Outlet, useMatchRoute } from '@tanstack/react-router'
import { useSyncNews } from '../slices/sync/use-sync-news.ts'
import { Rail } from './rail.tsx'
import { Tabs } from './tabs.tsx'
import { useWatchArrivals } from './wall/arrivals.ts'
import { WhenKnown } from './when-open.tsx'
import { useWide } from './wide.ts'

/** Screens that fill a phone: they have their own way back, and no tabs. */
function useFillsPhone(): boolean {
  const match = useMatchRoute()
  return Boolean(match({ to: '/capture' }) || match({ to: '/entry/$id', fuzzy: true }))
}

function Framed() {
  const wide = useWide()
  const fills = useFillsPhone()
  useSyncNews()
  useWatchArrivals()
  return (
    <div className="app">
      {wide && <Rail />}
      <Outlet />
      {!wide && !fills && <Tabs />}
    </div>
  )
}

/** The app around a known account's screens: rail or tabs. */
export function Frame() {
  return (
    <WhenKnown>
      <Framed />
    </WhenKnown>
  )
}
