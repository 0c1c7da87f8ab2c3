import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { ImportLists, ImportNotices } from './import-files.tsx'
import { ImportRows } from './import-rows.tsx'
import type { Look } from './import-work.ts'
import type { Importing, Step } from './use-import.ts'

/** What would come in, before anything is written; and the button that brings it. */
export function ImportSummary({ look, step, importing }: { look: Look; step: Step | undefined; importing: Importing }) {
  const { data, rows, own } = look
  const { profile } = useDex()
  const count = rows.filter(({ fate }) => fate === 'new' || fate === 'picture').length
  const counts = { count, shown: formatCount(count) }
  const visibility = profile?.settings?.visibility ?? DEFAULT_SETTINGS.visibility
  return (
    <>
      <section className="card" role="status">
        <h2>{step ? t('import.reading') : count > 0 ? t('import.summary.ready', counts) : t('import.summary.none')}</h2>
        {step && step.total > 0 && (
          <span className="bar">
            <b style={{ width: `${(step.current / step.total) * 100}%` }} />
          </span>
        )}
        <p className="soft">
          {t('import.summary.text')} {count > 0 && t(`import.summary.seen.${visibility}`)}
        </p>
        <div className="import-ways">
          {count > 0 && (
            <Button kind="go" aria-disabled={step !== undefined} onClick={() => void importing.bring()}>
              {t('import.go', counts)}
            </Button>
          )}
          <Button onClick={importing.again}>{t('import.another')}</Button>
        </div>
      </section>
      {data.dexes.length > 0 && (
        <ImportLists dexes={data.dexes} own={own} onOwn={(path, isOwn) => void importing.own(path, isOwn)} />
      )}
      <ImportNotices notices={data.notices} />
      {rows.length > 0 && <ImportRows rows={rows} />}
    </>
  )
}
