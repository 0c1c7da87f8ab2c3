import { t } from './i18n.tsx'

/** The title of the window while the screen that draws this is shown. */
export function Title({ of }: { of: string }) {
  return <title>{`${of} · ${t('app.name')}`}</title>
}
