import { onScreen } from '@biologidex/client/adapters/painted'
import { Link, Outlet } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { Button, buttonClass } from '../ui/button.tsx'
import { LiveRegion } from './announce.tsx'
import { t } from './i18n.tsx'
import { LackingNothing } from './lacking.tsx'
import { lazyPart } from './lazy-part.tsx'
import { Notice } from './notice.tsx'
import { loadCapture, loadEntryPage } from './pages.ts'
import { sessions } from './session.tsx'
import { Title } from './title.tsx'

/** When the screens that were not asked for are loaded, in milliseconds after the first paint. */
const AHEAD = 4000

const ToastPlace = lazyPart(async () => {
  await onScreen()
  return (await import('../ui/toast-place.tsx')).ToastPlace
}, LackingNothing)

/** What stands around every screen. The dex is opened once they have been painted: reading it takes the machine. */
export function Root() {
  useEffect(() => {
    void onScreen().then(() => sessions.begin())
    // Loaded ahead, so that capture and entries open without a network even where no service worker may run.
    const timer = setTimeout(() => void Promise.allSettled([loadEntryPage(), loadCapture()]), AHEAD)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Outlet />
      <LiveRegion />
      <Suspense>
        <ToastPlace />
      </Suspense>
    </>
  )
}

/** An address that leads nowhere. */
export function ScreenNotFound() {
  return (
    <main className="alone" id="content">
      <Title of={t('app.notFound.title')} />
      <Notice first title={t('app.notFound.title')} text={t('app.notFound.text')}>
        <Link to="/" className={buttonClass({ kind: 'go' })}>
          {t('app.notFound.back')}
        </Link>
      </Notice>
    </main>
  )
}

/** A screen that failed while drawing: the rest of the app, and everything kept, is as it was. */
export function ScreenBroken() {
  return (
    <main className="alone" id="content">
      <Title of={t('app.broken.title')} />
      <Notice first title={t('app.broken.title')} text={t('app.broken.text')}>
        <Button kind="go" onClick={() => location.reload()}>
          {t('app.broken.again')}
        </Button>
      </Notice>
    </main>
  )
}
