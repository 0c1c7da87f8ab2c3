import type { ReactNode } from 'react'

/** A screen that says one thing, and what can be done. */
export function Notice(props: { title: ReactNode; text: ReactNode; art?: ReactNode; children?: ReactNode }) {
  return (
    <section className="notice">
      {props.art}
      <h2>{props.title}</h2>
      <p className="soft">{props.text}</p>
      {props.children}
    </section>
  )
}
