import './exchange.css'
import { useRef, useState } from 'react'
import { formatCount } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useEngine } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { type BroughtIn, bringInFile } from './exchange.actions.ts'
import { broughtWords } from './unsent-words.ts'

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
      {brought && (
        <div role={brought.kind === 'refused' ? 'alert' : 'status'}>
          {broughtWords(brought, formatCount).map((words) => (
            <p key={words}>{words}</p>
          ))}
        </div>
      )}
    </div>
  )
}
