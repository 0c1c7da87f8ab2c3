import './exchange.css'
import { useRef, useState } from 'react'
import { formatCount, formatList } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useEngine } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { type BroughtIn, bringInFile } from './exchange.actions.ts'
import { countWords } from './unsent-words.ts'

function wordsOf(brought: BroughtIn): string {
  if (brought.kind === 'refused') return brought.why
  const what = countWords(brought, formatCount)
  return what.length > 0 ? t('exchange.taken', { what: formatList(what) }) : t('exchange.nothingNew')
}

/** In the settings: takes in again what was saved as a file at a sign-out. */
export function BringIn() {
  const engine = useEngine()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [brought, setBrought] = useState<BroughtIn>()
  const take = async (file: File) => {
    setBusy(true)
    setBrought(await bringInFile(engine, file))
    setBusy(false)
  }
  return (
    <div className="bring-in">
      <input
        ref={input}
        type="file"
        name="saved-work"
        accept=".zip,application/zip"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? []
          if (file) void take(file)
          target.value = ''
        }}
      />
      <Button onClick={() => input.current?.click()} aria-disabled={busy}>
        {t(busy ? 'exchange.bringing' : 'exchange.bringIn')}
      </Button>
      <p className="soft small">{t('exchange.bringIn.hint')}</p>
      {brought && <p role={brought.kind === 'refused' ? 'alert' : 'status'}>{wordsOf(brought)}</p>}
    </div>
  )
}
