/** Screens in files of their own: loaded when they are opened, or a while after the start, whichever comes first. */
export const loadEntryPage = () => import('../slices/entries/entry.page.tsx')
export const loadCapture = () => import('./capture-screen.tsx')
