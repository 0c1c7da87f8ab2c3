import { useEffect, useMemo, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { LeaveButton, Sheet } from '../ui/sheet.tsx'
import { say } from '../ui/toast.ts'
import { t } from './i18n.tsx'
import type { LeftWord, LeftWords } from './left-words.ts'
import './left-words.css'

/** One page's words, its forms in the order in which they were typed into. */
function PageWords({ page, words }: { page: string; words: readonly LeftWord[] }) {
  const forms = [...Map.groupBy(words, ({ form }) => form)]
  return (
    <section className="left-words">
      <h3>{page}</h3>
      {forms.map(([form, fields]) => (
        <div key={form} role="group" aria-label={form}>
          {form !== page && <p className="small soft">{form}</p>}
          {fields.map(({ field, text }, i) => (
            <div key={i} role="group" aria-label={field}>
              <p className="small">{field}</p>
              <CopyText text={text} label={t('left.copy')} onCopied={() => say({ text: t('left.copied') })} />
            </div>
          ))}
        </div>
      ))}
    </section>
  )
}

/** Says that what somebody was typing when their session ended is still here, and shows it. It stays until they let it go. */
export function LeftWordsSheet({ words, drop, onDropped }: LeftWords & { onDropped: () => void }) {
  const [open, setOpen] = useState(false)
  const pages = useMemo(() => [...Map.groupBy(words, ({ page }) => page)], [words])
  useEffect(() => {
    if (open) return
    say({
      id: 'left-words',
      text: t('left.notice'),
      stays: true,
      action: { label: t('left.look'), run: () => setOpen(true) },
    })
  }, [open])
  const letGo = async () => {
    await drop().catch((error: unknown) => console.warn('What was typed is still there, and will be shown again.', error))
    onDropped()
  }
  return (
    <Sheet open={open} onClose={() => setOpen(false)} title={t('left.title')} description={t('left.text')}>
      {pages.map(([page, typed]) => (
        <PageWords key={page} page={page} words={typed} />
      ))}
      <div className="ends">
        <Button kind="danger" onClick={() => void letGo()}>
          {t('left.drop')}
        </Button>
        <LeaveButton>{t('left.later')}</LeaveButton>
      </div>
    </Sheet>
  )
}
