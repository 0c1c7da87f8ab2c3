import type { BroughtIn } from '@biologidex/client/old-data-write'
import { StorageFull } from '@biologidex/client/ports'
import { Link } from '@tanstack/react-router'
import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { ImportNotices } from './import-files.tsx'
import { ImportRows } from './import-rows.tsx'
import type { Look } from './import-work.ts'

function endOf({ failed }: BroughtIn): string | undefined {
  if (failed === undefined) return undefined
  if (failed instanceof StorageFull) return t('import.done.full')
  return t(failed instanceof DOMException && failed.name === 'AbortError' ? 'import.done.stopped' : 'import.done.failed')
}

/** What came in, and what did not and why. */
export function ImportDone({ brought, look, onAgain }: { brought: BroughtIn; look: Look; onAgain: () => void }) {
  const { entries, pictures, rows } = brought
  const end = endOf(brought)
  const came = { count: entries, shown: formatCount(entries) }
  const seen = { count: pictures, shown: formatCount(pictures) }
  return (
    <>
      <section className="card" role="status">
        <h2>
          {t('import.done', came)}, {t('import.done.pictures', seen)}
        </h2>
        <p className="soft">{end ?? t('import.done.text')}</p>
        <div className="import-ways">
          <Link to="/" className="btn go">
            {t('import.done.open')}
          </Link>
          <Button onClick={onAgain}>{t('import.another')}</Button>
        </div>
      </section>
      <ImportNotices notices={look.data.notices} />
      {end === undefined && <ImportRows rows={rows} done />}
    </>
  )
}
