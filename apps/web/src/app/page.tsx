import type { ReactNode } from 'react'
import { WhoseSign } from '../ui/avatar.tsx'
import { useOwnAvatar } from './avatar-address.ts'
import { Title } from './title.tsx'
import { useWhose } from './whose.tsx'
import { useWide } from './wide.ts'

/** A screen that is one page: a title, whose dex this is (phones), and what it is about. */
export function Page(props: { title: string; lead?: ReactNode; children: ReactNode }) {
  const { displayName } = useWhose()
  const avatar = useOwnAvatar()
  const wide = useWide()
  return (
    <main className="page" id="content" tabIndex={-1}>
      <Title of={props.title} />
      <div className="page-in">
        <header className="page-top">
          <h1>{props.title}</h1>
          {!wide && displayName && <WhoseSign name={displayName} text={displayName} src={avatar} />}
        </header>
        {props.lead && <p className="soft">{props.lead}</p>}
        {props.children}
      </div>
    </main>
  )
}
