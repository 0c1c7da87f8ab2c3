import { T } from '../../app/i18n.tsx'
import type { SyncWords } from './sync-words.ts'

/** How sync stands, and behind it what needs the person all the same. */
export function SyncSentence({ words: { id, values, beside } }: { words: SyncWords }) {
  return (
    <span className="says">
      <T id={id} {...(values ? { values } : {})} />
      {beside && (
        <>
          {' '}
          <T id={beside.id} {...(beside.values ? { values: beside.values } : {})} />
        </>
      )}
    </span>
  )
}
