import type { PersonView } from '@biologidex/core/friends/friend'
import type { ReactNode } from 'react'
import { useAvatar } from '../../app/avatar-address.ts'
import { tintOf } from '../../app/tint.ts'
import { Avatar } from '../../ui/avatar.tsx'

/** Somebody in a list: face, name, what is to be said of them, and what can be done. */
export function PersonLine(props: { person: PersonView; name?: ReactNode; about?: ReactNode; children?: ReactNode }) {
  const { person, name = person.displayName, about } = props
  const src = useAvatar({ dex: person.id, sha256: person.avatar?.sha256 })
  return (
    <li>
      <Avatar name={person.displayName} src={src} tint={tintOf(person.id)} />
      <div>
        <b className="person-name">{name}</b>
        {about && <div className="small soft">{about}</div>}
      </div>
      {props.children}
    </li>
  )
}
