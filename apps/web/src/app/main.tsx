import '@fontsource-variable/source-sans-3/wght.css'
import '@fontsource-variable/fraunces/opsz.css'
import '@fontsource-variable/fraunces/wght-italic.css'
import '../ui/tokens.css'
import '../ui/base.css'
import '../ui/parts.css'
import '../ui/over.css'
import './shell.css'
import './wall/wall.css'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { hush } from '../ui/toast.ts'
import { announce } from './announce.tsx'
import { forgetLeftFiles } from './left-files.ts'
import { noteLostStyles } from './not-fetched.ts'
import { followOtherTabs } from './other-tabs.ts'
import { router } from './router.tsx'
import { sessions } from './session.tsx'
import { watchTyped } from './typed.ts'
import { watchForUpdates } from './updates.ts'
import { forgetPlaces } from './wall/wall-place.ts'

noteLostStyles()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// It finds the screens of this address meanwhile. Not waited for: a screen in a file of its own waits for this one.
void router.load()
// The stored wall is read in a few milliseconds; drawing without it would paint an empty wall first.
await sessions.ready
createRoot(root).render(<RouterProvider router={router} />)
followOtherTabs(sessions)
watchTyped()
sessions.subscribe(() => {
  const { kind } = sessions.session
  if (kind !== 'none' && kind !== 'locked') return
  if (kind === 'none') forgetLeftFiles()
  hush()
  announce('')
  forgetPlaces()
})
watchForUpdates()
