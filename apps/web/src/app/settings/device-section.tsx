import { SignOut } from '../../slices/accounts/sign-out.tsx'
import { BringIn } from '../../slices/exchange/bring-in.tsx'
import { KeepingNote } from '../../slices/sync/storage-note.tsx'
import { SyncLine } from '../../slices/sync/sync-line.tsx'
import { T, t } from '../i18n.tsx'
import { useDex } from '../session.tsx'
import { useWallModel } from '../wall/use-wall.ts'

/** This device: who is signed in here, what of the dex is on it, and leaving. */
export function DeviceSection() {
  const { profile } = useDex()
  const { animals, entries } = useWallModel()
  return (
    <section className="card" aria-labelledby="settings-device">
      <h2 id="settings-device">{t('settings.device')}</h2>
      {profile && (
        <p>
          <T id="settings.account.as" values={{ username: profile.username }} />
        </p>
      )}
      <p className="soft">{t('settings.device.kept', { entries, animals })}</p>
      <SyncLine />
      <KeepingNote />
      <BringIn />
      <div>
        <SignOut />
      </div>
    </section>
  )
}
