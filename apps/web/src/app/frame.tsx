import { Outlet, useMatchRoute } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { useSyncNews } from '../slices/sync/use-sync-news.ts'
import { LackingNothing } from './lacking.tsx'
import { lazyPart } from './lazy-part.tsx'
import type { LeftWords } from './left-words.ts'
import { useOtherDex } from './other-dex.ts'
import { usePrefetchAhead } from './prefetch.ts'
import { Rail } from './rail.tsx'
import { useSession } from './session.tsx'
import { OtherDexContext } from './shown-context.ts'
import { Tabs } from './tabs.tsx'
import { tintOf } from './tint.ts'
import { lookForLeftWords } from './typed.ts'
import { useWithdrawals } from './use-withdrawals.ts'
import { useWatchArrivals } from './wall/arrivals.ts'
import { useArrival } from './wanted.tsx'
import { WhenKnown } from './when-open.tsx'
import { useWide } from './wide.ts'

const LeftWordsSheet = lazyPart(async () => (await import('./left-words-sheet.tsx')).LeftWordsSheet, LackingNothing)

/** What whoever is here typed before their session ended, if there is anything. */
function TypedBefore() {
  const session = useSession()
  const account = session.kind === 'open' ? session.account : undefined
  const [left, setLeft] = useState<LeftWords>()
  useEffect(() => (account === undefined ? undefined : lookForLeftWords(account, setLeft)), [account])
  return (
    <Suspense>
      {left && <LeftWordsSheet key={account} words={left.words} drop={left.drop} onDropped={() => setLeft(undefined)} />}
    </Suspense>
  )
}

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
      <TypedBefore />
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
