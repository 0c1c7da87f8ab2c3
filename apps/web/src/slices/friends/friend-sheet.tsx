import type { PersonView } from '@biologidex/core/friends/friend'
import { useRef } from 'react'
import { t } from '../../app/i18n.tsx'
import { usePeople } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { blockDraft, endDraft } from './friends.actions.ts'
import { usePeopleDeeds } from './use-people-deeds.ts'

/** What can be ended: the friendship, or everything. */
export type Ending = 'unfriend' | 'block'

interface EndSheetProps {
  readonly person: PersonView
  readonly ending: Ending | undefined
  readonly onClose: () => void
  /** Called once it is carried out here. */
  readonly onEnded?: () => void
}

/** The question before a friendship ends or somebody, a friend or not, is blocked. */
export function EndSheet({ person, ending, onClose, onEnded }: EndSheetProps) {
  const carryOut = usePeopleDeeds()
  const friends = usePeople()?.friends.get(person.id)?.state === 'friends'
  // While it closes it still says what it asked.
  const asked = useRef<Ending>('unfriend')
  if (ending) asked.current = ending
  const kind = asked.current
  const name = person.displayName
  const end = async () => {
    onClose()
    const draft = kind === 'block' ? blockDraft(person.id) : endDraft(person.id)
    if (await carryOut([draft], t(`friends.${kind}.done`, { name }))) onEnded?.()
  }
  return (
    <Sheet
      open={ending !== undefined}
      onClose={onClose}
      title={t(`friends.${kind}.sure`, { name })}
      description={t(kind === 'block' && !friends ? 'friends.block.text.other' : `friends.${kind}.text`, { name })}
    >
      <div className="ends">
        <LeaveButton>{t('ui.cancel')}</LeaveButton>
        <Button kind="danger" onClick={() => void end()}>
          {t(`friends.${kind}`)}
        </Button>
      </div>
    </Sheet>
  )
}
