import type { Draft } from '@biologidex/client/face'
import type { Visibility } from '@biologidex/core/entries/entry'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { say } from '../../ui/toast.ts'
import { carryOut } from '../carry-out.ts'
import { formatCount } from '../format.ts'
import { t } from '../i18n.tsx'
import { useOwnDexIfOpen, useSession } from '../session.tsx'
import type { Selection } from './use-selection.ts'

/** From narrow to wide, as the contract has them, which would bring the schema library into the first screen. */
const CHOICES = ['private', 'friends', 'public'] as const satisfies readonly Visibility[]

/** The changes that make all of these seen by whom was chosen, and those that undo it. */
function draftsFor(entries: readonly { id: string; visibility: Visibility }[], to: Visibility) {
  const others = entries.filter(({ visibility }) => visibility !== to)
  const change = (id: string, was: Visibility, wanted: Visibility): Draft => ({
    type: 'entry',
    id,
    op: 'update',
    set: { visibility: { was, to: wanted } },
  })
  return {
    forth: others.map(({ id, visibility }) => change(id, visibility, to)),
    back: others.map(({ id, visibility }) => change(id, to, visibility)),
  }
}

/** How many are chosen, and who is to see them: one change for all, in one step of the outbox. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const session = useSession()
  const dex = useOwnDexIfOpen()
  const [busy, setBusy] = useState(false)
  const { entries, end } = selection
  const count = entries.length
  const change = async (to: Visibility) => {
    if (session.kind !== 'open' || !dex || busy) return
    const { engine } = session
    const { forth, back } = draftsFor(
      entries.flatMap((id) => dex.entries.get(id) ?? []),
      to,
    )
    setBusy(true)
    const stored = await carryOut(() => engine.mutate(forth))
    setBusy(false)
    if (!stored) return
    const undo = { label: t('ui.undo'), run: () => void carryOut(() => engine.mutate(back)) }
    const text = t(`select.done.${to}`, { count, shown: formatCount(count) })
    say({ id: 'select', text, ...(back.length > 0 ? { action: undo } : {}) })
    end()
  }
  return (
    <section className="find selection" aria-label={t('select.title')}>
      <p role="status">
        <b className="n">{t('select.count', { count, shown: formatCount(count) })}</b>
      </p>
      <Button kind="plain" onClick={selection.all}>
        {t('select.all')}
      </Button>
      <Button shape="square" className="leave" aria-label={t('select.end')} onClick={end}>
        <Icon name="close" />
      </Button>
      <fieldset className="who-sees" disabled={count === 0 || busy}>
        <legend className="small soft">{t('visibility.label')}</legend>
        {CHOICES.filter((one) => one !== 'public' || !dex?.profile?.managed).map((one) => (
          <Button key={one} onClick={() => void change(one)} disabled={count === 0 || busy}>
            {t(`select.${one}`)}
          </Button>
        ))}
      </fieldset>
    </section>
  )
}
