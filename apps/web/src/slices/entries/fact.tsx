import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../ui/icon.tsx'

/** One thing that is known of an entry: what it is about, what is known, and what is to be said of that. */
export function Fact(props: { icon: IconName; label: string; children: ReactNode; more?: readonly string[] }) {
  return (
    <div>
      <Icon name={props.icon} />
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
      {props.more?.map((line) => (
        <dd key={line} className="small soft">
          {line}
        </dd>
      ))}
    </div>
  )
}
