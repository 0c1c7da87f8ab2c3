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
import { router } from './router.tsx'
import { watchForUpdates } from './updates.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(<RouterProvider router={router} />)
watchForUpdates()
