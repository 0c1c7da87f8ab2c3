import type { PersonView } from '@biologidex/core/friends/friend'
import { useId, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Ending, EndSheet } from './friend-sheet.tsx'

/** What else can be done about somebody, behind one button, each with a question before it; the browser closes the menu. */
export function PersonMenu({ person, endings }: { person: PersonView; endings: readonly Ending[] }) {
  const [ending, setEnding] = useState<Ending>()
  const id = useId()
  const anchor = `--of-${id.replaceAll(/\W/g, '')}`
  return (
    <>
      <Button
        shape="square"
        className="more-of"
        popoverTarget={id}
        style={{ anchorName: anchor }}
        aria-label={t('friends.more', { name: person.displayName })}
      >
        <Icon name="more" />
      </Button>
      <div id={id} popover="auto" className="menu of-person" style={{ positionAnchor: anchor }}>
        {endings.map((one) => (
          <button key={one} type="button" popoverTarget={id} popoverTargetAction="hide" onClick={() => setEnding(one)}>
            {t(`friends.${one}`)}
          </button>
        ))}
      </div>
      <EndSheet person={person} ending={ending} onClose={() => setEnding(undefined)} />
    </>
  )
}
