import { Outlet, useMatchRoute } from '@tanstack/react-router'
import { useSyncNews } from '../slices/sync/use-sync-news.ts'
import { useOtherDex } from './other-dex.ts'
import { usePrefetchAhead } from './prefetch.ts'
import { Rail } from './rail.tsx'
import { OtherDexContext } from './shown-context.ts'
import { Tabs } from './tabs.tsx'
import { tintOf } from './tint.ts'
import { useWithdrawals } from './use-withdrawals.ts'
import { useWatchArrivals } from './wall/arrivals.ts'
import { useArrival } from './wanted.tsx'
import { WhenKnown } from './when-open.tsx'
import { useWide } from './wide.ts'

/** Screens that fill a phone: they have their own way back, and no tabs. */
function useFillsPhone(): boolean {
  const match = useMatchRoute()
  return Boolean(
    match({ to: '/capture' }) || match({ to: '/entry/$id', fuzzy: true }) || match({ to: '/dex/$username/entry/$id' }),
  )
}

function Framed() {
  const wide = useWide()
  const fills = useFillsPhone()
  const other = useOtherDex()
  useArrival()
  useSyncNews()
  useWatchArrivals()
  useWithdrawals()
  usePrefetchAhead()
  return (
    <OtherDexContext value={other}>
      <div className="app" data-tint={other && tintOf(other.person?.id ?? other.username)}>
        {wide && <Rail />}
        <Outlet />
        {!wide && !fills && <Tabs />}
      </div>
    </OtherDexContext>
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
