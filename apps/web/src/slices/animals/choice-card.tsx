import type { ReactNode } from 'react'
import { readerLanguage, T, t } from '../../app/i18n.tsx'
import { useAccount } from '../../app/session.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { RadioCard } from '../../ui/radio-card.tsx'
import { EntryThumb } from '../images/entry-thumb.tsx'
import { type AnimalChoice, choiceKey, namesOf } from './choice.ts'
import type { Kept } from './recents.ts'

/** `offer`: a name that is not chosen yet and would be new; its card says what choosing it does. */
interface ChoiceCardProps {
  readonly choice: AnimalChoice
  readonly kept?: Kept | undefined
  readonly offer?: boolean
}

const ICONS: Record<AnimalChoice['kind'], IconName> = { known: 'leaf', typed: 'add', text: 'note', unsure: 'question' }

function Words({ choice, offer }: ChoiceCardProps) {
  if (choice.kind === 'unsure') return <Lines first={<b>{t('animals.unsure')}</b>} second={t('animals.unsure.hint')} />
  if (choice.kind === 'text') {
    const first = <b>{offer ? t('animals.text', { text: choice.text }) : choice.text}</b>
    return <Lines first={first} second={t(offer ? 'animals.text.hint' : 'animals.text.chosen')} />
  }
  const { name, latin = '' } = namesOf(choice, readerLanguage())
  if (choice.kind === 'typed' && offer) {
    return <Lines first={<T id="animals.typed" values={{ latin }} />} second={t('animals.typed.hint')} />
  }
  if (!name) return <span className="name sci">{latin}</span>
  return <Lines first={<span className="name">{name}</span>} second={<span className="sci">{latin}</span>} />
}

function Lines({ first, second }: { first: ReactNode; second: ReactNode }) {
  return (
    <>
      {first}
      <span className="second soft">{second}</span>
    </>
  )
}

/** One animal to choose, or one thing to do with a name, as a card of a radio group. */
export function ChoiceCard(props: ChoiceCardProps) {
  const dex = useAccount()
  const { choice, kept } = props
  const picture = kept ? (
    <EntryThumb dex={dex} entry={kept.latest} className="pick-th" />
  ) : (
    <span className="pick-th">
      <Icon name={ICONS[choice.kind]} />
    </span>
  )
  return (
    <RadioCard
      value={choiceKey(choice)}
      before={picture}
      className={choice.kind === 'unsure' || props.offer ? 'pick open' : 'pick'}
    >
      <Words {...props} />
    </RadioCard>
  )
}
