import { useEffect } from 'react'
import { t } from './i18n.tsx'

/**
 * The title of the window while the screen that draws this is shown. Browsers keep titles in their history, which no
 * sign-out clears (C1): it says which screen this is, never whose dex it is or what lies in it.
 */
export function Title({ of }: { of: string }) {
  useEffect(() => {
    document.title = `${of} · ${t('app.name')}`
  }, [of])
  return null
}
