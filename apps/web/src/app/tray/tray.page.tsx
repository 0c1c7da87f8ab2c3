import '../../slices/entries/clash.css'
import './tray.css'
import { Link } from '@tanstack/react-router'
import { SyncSentence } from '../../slices/sync/sync-sentence.tsx'
import { useSyncWords } from '../../slices/sync/use-sync-words.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { formatCount } from '../format.ts'
import { t } from '../i18n.tsx'
import { Notice } from '../notice.tsx'
import { Page } from '../page.tsx'
import { useDex, useEngine, useSyncStatus } from '../session.tsx'
import { WhenOpen } from '../when-open.tsx'
import { ClashCard } from './clash.tsx'
import { ProfileClash } from './profile-clash.tsx'
import { AsideChange, AsidePicture } from './set-aside.tsx'

function CalmLine() {
  const words = useSyncWords()
  return (
    <div className="calm">
      <SyncMark at={words.mark} quiet />
      <SyncSentence words={words} />
    </div>
  )
}

/** Changes and photos kept here that cannot be opened: nothing can be chosen about them, but nobody may miss that (C4). */
function Unreadable({ count }: { count: number }) {
  return (
    <article className="card clash">
      <p className="reason">
        <SyncMark at="needs" quiet />
        <span>{t('tray.unreadable', { count, shown: formatCount(count) })}</span>
      </p>
    </article>
  )
}

/** The way to what was deleted; nothing while nothing was. */
function TrashLink({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <Link to="/trash" className={buttonClass({})}>
      <Icon name="trash" />
      {t('trash.link', { count })}
    </Link>
  )
}

function Things() {
  const { conflicts, trash, profile } = useDex()
  const engine = useEngine()
  // Read for its changes: what is set aside has no listener of its own.
  const closed = useSyncStatus()?.unreadable ?? 0
  const { mutations, uploads } = engine.setAside()
  const count = conflicts.size + mutations.length + uploads.length
  const clashes = [...conflicts.values()].sort((a, b) => a.at - b.at)
  return (
    <Page title={t('tray.title')} lead={count > 0 ? t('tray.count', { count }) : undefined}>
      {closed > 0 && <Unreadable count={closed} />}
      {clashes.map((conflict) => {
        if (profile?.id === conflict.entry) return <ProfileClash key={conflict.id} conflict={conflict} profile={profile} />
        return <ClashCard key={conflict.id} conflict={conflict} />
      })}
      {mutations.map((change) => (
        <AsideChange key={change.n} change={change} />
      ))}
      {uploads.map((upload) => (
        <AsidePicture key={upload.image} upload={upload} />
      ))}
      {count + closed === 0 && <Notice title={t('tray.empty.title')} text={t('tray.empty.text')} />}
      <CalmLine />
      <TrashLink count={trash.size} />
    </Page>
  )
}

/** Everything that waits for the person, in one place, explained. */
export function TrayPage() {
  return (
    <WhenOpen meanwhile={<Page title={t('tray.title')}>{null}</Page>}>
      <Things />
    </WhenOpen>
  )
}
