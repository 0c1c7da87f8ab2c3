import type { StoredMutation } from '@biologidex/client/ports'
import { codeOf, spacedCode } from '../../slices/friends/friends.actions.ts'
import { type MessageId, t } from '../i18n.tsx'
import { usePeople } from '../session.tsx'

const DEEDS: Readonly<Record<string, MessageId>> = {
  'friend create': 'tray.people.ask',
  'friend update': 'tray.people.accept',
  'friend delete': 'tray.people.end',
  'block create': 'tray.people.block',
  'block delete': 'tray.people.unblock',
}

/** What was wanted of somebody, as far as it is known who that is. */
export function PeopleWanted({ change: { type, op, id, set } }: { change: StoredMutation }) {
  const people = usePeople()
  const asked = set?.code
  const code = asked && 'to' in asked && typeof asked.to === 'string' ? codeOf(asked.to) : undefined
  const name = code ? spacedCode(code) : (people?.friends.get(id) ?? people?.blocks.get(id))?.displayName
  return <p>{t(DEEDS[`${type} ${op}`] ?? 'tray.aside.update', { name: name || t('tray.people.somebody') })}</p>
}
