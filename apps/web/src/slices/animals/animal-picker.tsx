import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useCatalogue } from '../../app/session.tsx'
import { TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { RadioCards } from '../../ui/radio-card.tsx'
import { useKept, useOffer } from './animals.queries.ts'
import { type AnimalChoice, choiceKey } from './choice.ts'
import { ChoiceCard } from './choice-card.tsx'
import type { Offer } from './picker.ts'
import type { Kept } from './recents.ts'
import './picker.css'

/** How many animals are offered before anything is typed. */
const RECENT = 3
const UNSURE: AnimalChoice = { kind: 'unsure' }

interface Option {
  readonly choice: AnimalChoice
  readonly offer?: boolean
}

/** Those kept last, what is chosen now, and being unsure, which is a choice like any other. */
function idleOptions(value: AnimalChoice, kept: ReadonlyMap<string, Kept>): Option[] {
  const recent = [...kept.values()].slice(0, RECENT).map(({ choice }) => choice)
  const known = [UNSURE, ...recent].some((choice) => choiceKey(choice) === choiceKey(value))
  return [...(known ? [] : [value]), ...recent, UNSURE].map((choice) => ({ choice }))
}

function offeredOptions({ found, typed, text }: Offer): Option[] {
  const known = found.map((animal) => ({ choice: { kind: 'known', animal } as const }))
  const others = [typed, text].flatMap((choice) => (choice ? [{ choice, offer: true }] : []))
  return [...known, ...others, { choice: UNSURE }]
}

/** On a phone the keyboard takes the lower half: what is found gets the room above it. */
function useRoomFor(place: RefObject<HTMLElement | null>, searching: boolean): void {
  useEffect(() => {
    if (searching && matchMedia('(pointer: coarse)').matches) place.current?.scrollIntoView({ block: 'start' })
  }, [place, searching])
}

interface SearchLineProps {
  readonly typed: string
  readonly onType: (text: string) => void
  /** Enter: the best of what was found. */
  readonly onTakeFirst: () => void
  /** Arrow down: into the list. */
  readonly onLeave: () => void
}

function SearchLine({ typed, onType, onTakeFirst, onLeave }: SearchLineProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const does = { Enter: onTakeFirst, ArrowDown: onLeave, Escape: typed ? () => onType('') : undefined }[event.key]
    if (!does) return
    event.preventDefault()
    event.stopPropagation()
    does()
  }
  return (
    <div className="q pick-q">
      <Icon name="search" />
      <input
        type="search"
        value={typed}
        placeholder={t('animals.search.hint')}
        aria-label={t('animals.search')}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="done"
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {typed && (
        <button type="button" className="pick-clear" aria-label={t('animals.search.clear')} onClick={() => onType('')}>
          <Icon name="close" small />
        </button>
      )}
    </div>
  )
}

/** Choosing an animal: one tap if it was kept lately, else a search while typing, a name nobody knows yet, or not sure. */
export function AnimalPicker(props: { label: string; value: AnimalChoice; onChange: (choice: AnimalChoice) => void }) {
  const { label, value, onChange } = props
  const [typed, setTyped] = useState('')
  const kept = useKept()
  const offer = useOffer(typed, kept)
  const none = useCatalogue().size === 0
  const list = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  useRoomFor(place, typed !== '')
  const options = offer ? offeredOptions(offer) : idleOptions(value, kept)
  const choose = (key: string) => {
    const option = options.find(({ choice }) => choiceKey(choice) === key)
    if (option) onChange(option.choice)
  }
  const takeFirst = () => {
    const first = offer?.found[0]
    if (first) onChange({ kind: 'known', animal: first })
  }
  return (
    <div ref={place} className={offer ? 'picker searching' : 'picker'}>
      <SearchLine
        typed={typed}
        onType={setTyped}
        onTakeFirst={takeFirst}
        onLeave={() => list.current?.querySelector<HTMLElement>('[role=radio]')?.focus()}
      />
      <p className="sr" role="status">
        {offer ? t('animals.found', { count: offer.found.length }) : ''}
      </p>
      {none && offer && <p className="small soft">{t('animals.none')}</p>}
      <div ref={list}>
        <RadioCards label={label} value={choiceKey(value)} onChange={choose}>
          {options.map(({ choice, offer: isOffer }) => (
            <ChoiceCard
              key={choiceKey(choice)}
              choice={choice}
              kept={kept.get(choiceKey(choice))}
              offer={isOffer === true && choiceKey(choice) !== choiceKey(value)}
            />
          ))}
        </RadioCards>
      </div>
      {value.kind === 'typed' && <CommonName choice={value} onChange={onChange} />}
    </div>
  )
}

type Typed = AnimalChoice & { readonly kind: 'typed' }

/** What else a new animal is called; nothing needs to be said. */
function CommonName({ choice, onChange }: { choice: Typed; onChange: (choice: Typed) => void }) {
  return (
    <TextField
      label={t('animals.typed.common')}
      value={choice.commonName ?? ''}
      maxLength={200}
      onChange={(event) => onChange({ ...choice, commonName: event.target.value })}
    />
  )
}
