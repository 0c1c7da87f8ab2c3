import './settings.css'
import type { DeviceSession } from '@biologidex/core/accounts/account'
import { useState } from 'react'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { sessions } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { say } from '../../ui/toast.ts'
import { ChangePassword } from './password-sheet.tsx'
import { endAllDevices, endDevice, listDevices } from './security.actions.ts'
import { useAsked, useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

function Device({ session, onEnd }: { session: DeviceSession; onEnd: () => void }) {
  const { device, created, lastSeen, current } = session
  const times = { created: formatInstant(created), seen: formatInstant(lastSeen) }
  return (
    <li>
      <Icon name="device" />
      <div>
        <b>{device}</b>
        <p className="small soft">{current ? t('security.device.since', times) : t('security.device.seen', times)}</p>
      </div>
      {current ? (
        <span className="here small">{t('security.device.this')}</span>
      ) : (
        <Button onClick={onEnd} aria-label={t('security.device.end.of', { device })}>
          {t('security.device.end')}
        </Button>
      )}
    </li>
  )
}

/** Ends every session. This browser keeps what is on it, closed, like after a session that ended by itself (C1). */
function Everywhere() {
  const [asking, setAsking] = useState(false)
  const { busy, wrong, run } = useDeed()
  const end = () =>
    run(async () => {
      await endAllDevices()
      await sessions.lock()
    })
  return (
    <>
      <Button kind="danger" onClick={() => setAsking(true)}>
        {t('security.everywhere')}
      </Button>
      <Sheet
        open={asking}
        onClose={() => setAsking(false)}
        title={t('security.everywhere.sure')}
        description={t('security.everywhere.text')}
      >
        {wrong && <WrongBox>{wrong}</WrongBox>}
        <div className="ends">
          <LeaveButton>{t('ui.cancel')}</LeaveButton>
          <Button kind="danger" onClick={() => void end()} aria-disabled={busy}>
            {t(busy ? 'accounts.working' : 'security.everywhere')}
          </Button>
        </div>
      </Sheet>
    </>
  )
}

/** This device first; the others as the server lists them, the one used last first. */
const inOrder = (devices: readonly DeviceSession[]): DeviceSession[] =>
  devices.toSorted((a, b) => Number(b.current) - Number(a.current))

/** The devices that are signed in, ending one or all, and the password. Only the server knows: it needs a connection. */
export function SecuritySection() {
  const [asked, again] = useAsked(listDevices)
  const { wrong, run } = useDeed()
  const end = ({ id, device }: DeviceSession) =>
    run(async () => {
      await endDevice(id)
      say({ text: t('security.device.ended', { device }) })
      again()
    })
  return (
    <section className="card" aria-labelledby="settings-security">
      <h2 id="settings-security">{t('security.title')}</h2>
      <p className="soft">{t('security.text')}</p>
      {asked.kind === 'here' && (
        <ul className="lines">
          {inOrder(asked.value).map((session) => (
            <Device key={session.id} session={session} onEnd={() => void end(session)} />
          ))}
        </ul>
      )}
      {asked.kind === 'asking' && <p className="soft">{t('accounts.working')}</p>}
      {asked.kind === 'wrong' && (
        <p className="calm">
          {t('security.offline')}
          <Button kind="plain" onClick={again}>
            {t('accounts.offline.again')}
          </Button>
        </p>
      )}
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <div className="row">
        <ChangePassword onDone={again} />
        <Everywhere />
      </div>
    </section>
  )
}
