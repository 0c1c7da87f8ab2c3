import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { EntryScreen, NothingOpen } from './entry-screen.tsx'
import { Frame } from './frame.tsx'
import { LackingScreen } from './lacking.tsx'
import { lazyPart } from './lazy-part.tsx'
import { loadCapture } from './pages.ts'
import { Root, ScreenBroken, ScreenNotFound } from './root.tsx'
import { parseSearch, stringifySearch } from './search-text.ts'
import { lastWallOf } from './wall/last-wall.ts'
import { OtherWallScreen } from './wall/other-wall.tsx'
import { searchOf, viewOf, type WallSearch } from './wall/wall-address.ts'
import { WallScreen } from './wall/wall-screen.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: ScreenNotFound, errorComponent: ScreenBroken })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // `name`: whom a reset link has just given a new password.
  validateSearch: ({ name }: Record<string, unknown>): { name?: string } => (typeof name === 'string' ? { name } : {}),
  component: lazyPart(async () => (await import('../slices/accounts/sign-in.page.tsx')).SignInPage, LackingScreen),
})
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  component: lazyPart(async () => (await import('../slices/accounts/sign-up.page.tsx')).SignUpPage, LackingScreen),
})

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyPart(async () => (await import('../slices/accounts/reset.page.tsx')).ResetPage, LackingScreen),
})

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })
const wall = createRoute({
  getParentRoute: () => frame,
  id: 'wall',
  component: WallScreen,
  validateSearch: (search: Record<string, unknown>): WallSearch => searchOf(viewOf(search)),
  search: {
    // A way to the wall or to an entry that says nothing of filters leads to the wall as it was left.
    middlewares: [
      ({ search, next }) => {
        const asked = next(search)
        return Object.keys(asked).length > 0 ? asked : lastWallOf(undefined)
      },
    ],
  },
})
const dex = createRoute({ getParentRoute: () => wall, path: '/', component: NothingOpen })
const entry = createRoute({ getParentRoute: () => wall, path: '/entry/$id', component: EntryScreen })

/** Somebody else's dex: a friend's, or what a stranger shows to everyone. */
const otherWall = createRoute({
  getParentRoute: () => frame,
  path: '/dex/$username',
  component: OtherWallScreen,
  validateSearch: (search: Record<string, unknown>): WallSearch => searchOf(viewOf(search)),
})
const otherDex = createRoute({ getParentRoute: () => otherWall, path: '/', component: NothingOpen })
const otherEntry = createRoute({ getParentRoute: () => otherWall, path: '/entry/$id', component: EntryScreen })

const friends = createRoute({
  getParentRoute: () => frame,
  path: '/friends',
  // `code`: a friend code, from a link or a QR code.
  validateSearch: ({ code }: Record<string, unknown>): { code?: string } => (typeof code === 'string' ? { code } : {}),
  component: lazyPart(async () => (await import('../slices/friends/friends.page.tsx')).FriendsPage, LackingScreen),
})

const capture = createRoute({
  getParentRoute: () => frame,
  path: '/capture',
  // `again`: the id of an entry whose animal was met once more; one that is not in the dex leads nowhere.
  validateSearch: ({ again }: Record<string, unknown>): { again?: string } => (typeof again === 'string' ? { again } : {}),
  component: lazyPart(async () => (await loadCapture()).CaptureScreen, LackingScreen),
})
const tray = createRoute({
  getParentRoute: () => frame,
  path: '/tray',
  component: lazyPart(async () => (await import('./tray/tray.page.tsx')).TrayPage, LackingScreen),
})
const trash = createRoute({
  getParentRoute: () => frame,
  path: '/trash',
  component: lazyPart(async () => (await import('./trash.page.tsx')).TrashPage, LackingScreen),
})
const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazyPart(async () => (await import('./settings.page.tsx')).SettingsPage, LackingScreen),
})

const oldData = createRoute({
  getParentRoute: () => frame,
  path: '/import',
  component: lazyPart(async () => (await import('../slices/exchange/import.page.tsx')).ImportPage, LackingScreen),
})

/** Every address of the app. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signUp,
    reset,
    frame.addChildren([
      wall.addChildren([dex, entry]),
      otherWall.addChildren([otherDex, otherEntry]),
      friends,
      capture,
      tray,
      trash,
      settings,
      oldData,
    ]),
  ]),
  defaultPreload: false,
  scrollRestoration: false,
  parseSearch,
  stringifySearch,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
