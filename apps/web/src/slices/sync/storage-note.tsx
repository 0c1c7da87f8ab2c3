import { formatBytes } from '../../app/format-bytes.ts'
import { t } from '../../app/i18n.tsx'
import { useStorageKeeping } from '../../app/use-storage.ts'
import { Icon } from '../../ui/icon.tsx'

/** That this device has little room left, before it has none (C4); nothing while there is enough. */
export function RoomNote() {
  const { free } = useStorageKeeping()
  if (free === undefined) return null
  return (
    <p className="wrong-line" role="status">
      <Icon name="warning" small />
      {t('storage.nearlyFull', { free: formatBytes(free) })}
    </p>
  )
}

/** In the settings: how this browser keeps what is here, said calmly. */
export function KeepingNote() {
  const { kept } = useStorageKeeping()
  if (kept === undefined) return null
  return <p className="soft small">{t(kept ? 'storage.kept' : 'storage.notKept')}</p>
}
