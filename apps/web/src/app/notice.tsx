import type { ReactNode } from 'react'

/** A screen, or a part of one, that says one thing, and what can be done. `first`: it is all there is, so its title is the page's. */
export function Notice(props: { title: ReactNode; text: ReactNode; art?: ReactNode; first?: boolean; children?: ReactNode }) {
  return (
    <section className="notice">
      {props.art}
      {props.first ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      <p className="soft">{props.text}</p>
      {props.children}
    </section>
  )
}
