import { Suspense, useEffect, useRef } from 'react'
import { Icon } from '../ui/icon.tsx'
import { announce } from './announce.tsx'
import { T, t } from './i18n.tsx'
import { LackingBeside } from './lacking.tsx'
import { lazyPart } from './lazy-part.tsx'
import { loadEntryPage } from './pages.ts'
import { useDexIfOpen } from './session.tsx'
import { Title } from './title.tsx'
import { useEntryName, useWallModel } from './wall/use-wall.ts'
import { useOpenEntry } from './ways.tsx'
import { WhenOpen } from './when-open.tsx'
import { useWide } from './wide.ts'

const EntryPage = lazyPart(async () => (await loadEntryPage()).EntryPage, LackingBeside)

/** The place for an entry: beside the wall on a desktop, over it on a phone, where it takes the focus. */
export function EntryScreen() {
  const id = useOpenEntry() ?? ''
  const isOpen = useDexIfOpen() !== undefined
  const wide = useWide()
  const name = useEntryName(id)
  const shown = name === undefined ? undefined : name || t('wall.unnamed')
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!wide && id) place.current?.focus()
  }, [wide, id])
  useEffect(() => {
    if (wide && shown) announce(t('wall.opened', { name: shown }))
  }, [wide, shown])
  return (
    <section className="beside" aria-label={t('wall.entry')} ref={place} tabIndex={-1}>
      <Title of={t('wall.entry')} />
      <WhenOpen>
        <Suspense>{isOpen && <EntryPage key={id} id={id} />}</Suspense>
      </WhenOpen>
    </section>
  )
}

/** What stands beside the wall while no entry is open: nothing on a phone, a hint on a wide desktop. */
export function NothingOpen() {
  const wide = useWide()
  const { entries } = useWallModel()
  if (!wide || entries === 0) return null
  return (
    <aside className="beside nothing" aria-label={t('wall.entry')}>
      <Icon name="leaf" />
      <p>{t('wall.nothingOpen')}</p>
      <p className="small">
        <T id="wall.nothingOpen.keys" tags={{ b: (key) => <kbd>{key}</kbd> }} />
      </p>
    </aside>
  )
}
