import { Link } from '@tanstack/react-router'
import { Avatar } from '../ui/avatar.tsx'
import { useAvatar, useOwnAvatar } from './avatar-address.ts'
import type { Face } from './faces.ts'
import { formatCount } from './format.ts'
import { t } from './i18n.tsx'
import { useOwnDexIfOpen } from './session.tsx'
import { tintOf } from './tint.ts'
import { DexLink } from './ways.tsx'

export function FriendAvatar({ person, size }: { person: Face['person']; size?: 's' | 'm' }) {
  const src = useAvatar({ dex: person.id, sha256: person.avatar?.sha256 })
  return <Avatar name={person.displayName} src={src} tint={tintOf(person.id)} {...(size ? { size } : {})} />
}

/** One's own face, with the name it is drawn from. */
export function OwnAvatar({ size }: { size?: 's' | 'm' }) {
  const src = useOwnAvatar()
  const name = useOwnDexIfOpen()?.profile?.displayName ?? ''
  return <Avatar name={name} src={src} tint="leaf" {...(size ? { size } : {})} />
}

/** A friend's dex as a line: whose, what is new. `counted`: how much is in it, too. */
export function Line({ face: { person, summary }, counted = false }: { face: Face; counted?: boolean }) {
  const news = summary?.news ?? 0
  return (
    <DexLink username={person.username} className="dex-line">
      <FriendAvatar person={person} size="s" />
      <span className="name">{person.displayName}</span>
      {counted && summary && <span className="small soft n">{formatCount(summary.entries)}</span>}
      {news > 0 && <span className="news n">{t('dex.news', { count: news })}</span>}
    </DexLink>
  )
}

/** One's own dex as a line. */
export function OwnLine() {
  return (
    <Link to="/" className="dex-line" activeOptions={{ exact: true, includeSearch: false }}>
      <OwnAvatar size="s" />
      <span className="name">{t('app.ownDex')}</span>
    </Link>
  )
}
