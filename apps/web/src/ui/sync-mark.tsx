import { type MessageId, t } from '../app/i18n.tsx'

/** Where something stands: only on this device, on the server, or waiting for the person. */
export type SyncPlace = 'here' | 'server' | 'needs'

const WORDS: Record<SyncPlace, MessageId> = { here: 'sync.mark.here', server: 'sync.mark.server', needs: 'sync.mark.needs' }

const SHAPES = {
  here: (
    <>
      <circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.4 2" />
      <circle cx="8" cy="8" r="2.6" fill="currentColor" />
    </>
  ),
  server: (
    <>
      <circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M4.8 8.300l2.300 2.300 4.200-4.900"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  needs: (
    <>
      <path d="M8 .8L15.200 8 8 15.200.8 8z" fill="currentColor" />
      <path className="knock" d="M8 4.300v4.400M8 11v.2" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
}

/** One small mark in three shapes, so that colour is never alone. `quiet`: the words stand beside it already. */
export function SyncMark({ at, quiet }: { at: SyncPlace; quiet?: boolean }) {
  const named = quiet ? ({ 'aria-hidden': true } as const) : ({ role: 'img', 'aria-label': t(WORDS[at]) } as const)
  return (
    <svg className={`sync ${at}`} viewBox="0 0 16 16" {...named}>
      {SHAPES[at]}
    </svg>
  )
}
