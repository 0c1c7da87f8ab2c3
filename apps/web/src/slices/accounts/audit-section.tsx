import './settings.css'
import { AUDITED, type AuditEvent, type Audited, type AuditView } from '@biologidex/core/accounts/audit'
import { useCallback, useState } from 'react'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { listAudit } from './security.actions.ts'
import { useAsked, useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

const isKnown = (what: string): what is Audited => AUDITED.some((one) => one === what)

function Event({ event: { at, what, address } }: { event: AuditEvent }) {
  const when = formatInstant(at)
  return (
    <li>
      <div>
        {/* What a newer server notes is shown by its name. */}
        <b>{isKnown(what) ? t(`audit.${what}`) : what}</b>
        <p className="small soft">{address ? t('audit.from', { when, address }) : when}</p>
      </div>
    </li>
  )
}

function Events() {
  const ask = useCallback(() => listAudit(), [])
  const [asked, again] = useAsked<AuditView>(ask)
  const [more, setMore] = useState<readonly AuditView[]>([])
  const { wrong, run } = useDeed()
  if (asked.kind === 'asking') return <p className="soft">{t('accounts.working')}</p>
  if (asked.kind === 'wrong')
    return (
      <p className="calm">
        {t('audit.offline')}
        <Button kind="plain" onClick={again}>
          {t('accounts.offline.again')}
        </Button>
      </p>
    )
  const pages = [asked.value, ...more]
  const before = pages.at(-1)?.before
  const next = async () => {
    const page = await listAudit(before)
    setMore((known) => [...known, page])
  }
  const events = pages.flatMap((page) => page.events)
  return (
    <>
      <ul className="lines">
        {events.map((event, i) => (
          <Event key={`${event.at} ${event.what} ${i}`} event={event} />
        ))}
      </ul>
      {before && <Button onClick={() => void run(next)}>{t('people.more')}</Button>}
      {wrong && <WrongBox>{wrong}</WrongBox>}
    </>
  )
}

/** What the server noted of the account, for its owner to read; asked for when it is opened. */
export function AuditSection() {
  const [open, setOpen] = useState(false)
  return (
    <section className="card" aria-labelledby="settings-audit">
      <h2 id="settings-audit">{t('audit.title')}</h2>
      <p className="soft">{t('audit.text')}</p>
      {open ? (
        <Events />
      ) : (
        <div>
          <Button onClick={() => setOpen(true)}>{t('audit.open')}</Button>
        </div>
      )}
    </section>
  )
}
