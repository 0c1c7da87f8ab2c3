import './import.css'
import { Link } from '@tanstack/react-router'
import { t } from '../../app/i18n.tsx'
import { Page } from '../../app/page.tsx'
import { useDex } from '../../app/session.tsx'
import { WhenOpen } from '../../app/when-open.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ImportChoose } from './import-choose.tsx'
import { ImportDone } from './import-done.tsx'
import { ImportProgress } from './import-progress.tsx'
import { ImportSummary } from './import-summary.tsx'
import { type Importing, useImport } from './use-import.ts'

function Stage({ importing }: { importing: Importing }) {
  const { state } = importing
  if (state.at === 'reading') return <ImportProgress at="reading" step={state.step} onStop={importing.stop} />
  if (state.at === 'bringing') return <ImportProgress at="bringing" step={state.step} onStop={importing.stop} />
  if (state.at === 'summary') return <ImportSummary look={state.look} step={state.step} importing={importing} />
  if (state.at === 'done') return <ImportDone brought={state.brought} look={state.look} onAgain={importing.again} />
  return <ImportChoose refused={state.refused} onChoose={(files) => void importing.choose(files)} />
}

function Import() {
  const importing = useImport()
  const { complete } = useDex()
  const { at } = importing.state
  return (
    <Page title={t('import.title')} lead={at === 'choosing' ? t('import.lead') : undefined}>
      {complete || at !== 'choosing' ? <Stage importing={importing} /> : <p className="calm">{t('import.waits')}</p>}
      {at === 'choosing' && (
        <Link to="/settings" className="btn plain import-back">
          <Icon name="back" small />
          {t('import.back')}
        </Link>
      )}
    </Page>
  )
}

/** Bringing in what an older client kept: choosing, a summary, and only then the entries. */
export function ImportPage() {
  return (
    <WhenOpen meanwhile={<Page title={t('import.title')}>{null}</Page>}>
      <Import />
    </WhenOpen>
  )
}
