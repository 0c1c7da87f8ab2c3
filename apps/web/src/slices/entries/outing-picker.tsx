import { LIMITS } from '@biologidex/core/limits'
import { type FormEvent, useState } from 'react'
import { formatObserved } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import { outingName } from './outing-name.ts'
import { dateOf, NO_OUTING, type OutingChoice, recentOutings } from './outings.ts'
import './editors.css'

/** Outings that are offered; older ones are found on their entries. */
const OFFERED = 30

/** What a choice is called. */
export function useOutingWords(choice: OutingChoice): string {
  const { outings, entries } = useDex()
  if (choice.kind === 'new') return choice.name.trim() || t('outing.new.unnamed')
  const outing = choice.kind === 'known' ? outings.get(choice.id) : undefined
  if (!outing) return t('outing.none')
  return outingName(
    outing,
    [...entries.values()].filter((entry) => entry.outing === outing.id),
  )
}

function Row(props: { on: boolean; text: string; more?: string; onClick: () => void }) {
  return (
    <button type="button" className="outing-row" aria-pressed={props.on} onClick={props.onClick}>
      <Icon name={props.on ? 'check' : 'outing'} />
      <span>
        <span className="value">{props.text}</span>
        {props.more && <span className="small soft">{props.more}</span>}
      </span>
    </button>
  )
}

/** Gives a sighting to an outing: one of the last, a new one by name, or none. What is tapped is chosen. */
export function OutingPicker(props: { value: OutingChoice; onDone: (choice: OutingChoice) => void }) {
  const { value, onDone } = props
  const { outings, entries } = useDex()
  const [recent] = useState(() => recentOutings(outings, entries).slice(0, OFFERED))
  const [begun] = useState(value.kind === 'new' ? value.name : '')
  const [name, setName] = useState(begun)
  useUnsaved(name.trim() !== begun)
  const begin = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) onDone({ kind: 'new', name: name.trim() })
  }
  return (
    <>
      <form className="new-outing" onSubmit={begin}>
        <TextField
          label={t('outing.new')}
          placeholder={t('outing.new.hint')}
          value={name}
          maxLength={LIMITS.nameChars}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" kind="go" disabled={!name.trim()}>
          {t('outing.new.begin')}
        </Button>
      </form>
      <fieldset className="outing-rows" aria-label={t('outing.recent')}>
        <Row on={value.kind === 'none'} text={t('outing.none')} onClick={() => onDone(NO_OUTING)} />
        {recent.map(({ outing, entries: within }) => (
          <Row
            key={outing.id}
            on={value.kind === 'known' && value.id === outing.id}
            text={outingName(outing, within)}
            more={t('outing.within', {
              count: within.length,
              date: formatObserved(dateOf(outing, within), 'short'),
            })}
            onClick={() => onDone({ kind: 'known', id: outing.id })}
          />
        ))}
      </fieldset>
    </>
  )
}
