import type { Face } from '../../app/faces.ts'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { blockDraft, endDraft } from './friends.actions.ts'
import { usePeopleDeeds } from './use-people-deeds.ts'

/** What can be ended: the friendship, or everything. */
export type Ending = 'unfriend' | 'block'

/** The question before a friendship ends or somebody is blocked. */
export function EndSheet(props: { person: Face['person']; ending: Ending | undefined; onClose: () => void }) {
  const { person, ending = 'unfriend', onClose } = props
  const carryOut = usePeopleDeeds()
  const name = person.displayName
  const end = () => {
    onClose()
    const draft = ending === 'block' ? blockDraft(person.id) : endDraft(person.id)
    void carryOut([draft], t(`friends.${ending}.done`, { name }))
  }
  return (
    <Sheet
      open={props.ending !== undefined}
      onClose={onClose}
      title={t(`friends.${ending}.sure`, { name })}
      description={t(`friends.${ending}.text`, { name })}
    >
      <div className="ends">
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button kind="danger" onClick={end}>
          {t(`friends.${ending}`)}
        </Button>
      </div>
    </Sheet>
  )
}
