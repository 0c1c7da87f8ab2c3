import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Button, buttonClass } from '../../ui/button.tsx'
import { announce } from '../announce.tsx'
import { t } from '../i18n.tsx'
import { Notice } from '../notice.tsx'
import { useOther } from '../session.tsx'
import type { OtherDex } from '../shown-context.ts'
import { Title } from '../title.tsx'
import { dexTitle } from '../whose.tsx'
import { WallScreen } from './wall-screen.tsx'

/** Why there is no dex to show: nobody has that name, or it cannot be asked for now. */
function NoDex({ other: { state, username, again } }: { other: OtherDex }) {
  const kind = state === 'unknown' ? 'unknown' : 'unreachable'
  return (
    <main className="page" id="content" tabIndex={-1}>
      <Title of={t('wall.title')} />
      <Notice first title={t(`dex.${kind}.title`)} text={t(`dex.${kind}.text`, { name: username })}>
        {kind === 'unreachable' && (
          <Button kind="go" onClick={again}>
            {t('dex.again')}
          </Button>
        )}
        <Link to="/" className={buttonClass({})}>
          {t('dex.own')}
        </Link>
      </Notice>
    </main>
  )
}

/** Somebody else's wall: a friend's from this device, what a stranger shows to everyone from the server. */
export function OtherWallScreen() {
  const other = useOther()
  const shown = other?.state === 'here' ? (other.person?.displayName ?? other.username) : undefined
  useEffect(() => {
    if (shown !== undefined) announce(dexTitle(shown))
  }, [shown])
  // One's own name in the address: it leads to the own wall right away.
  if (!other) return <main className="page" id="content" />
  if (other.state === 'unknown' || other.state === 'unreachable') return <NoDex other={other} />
  return <WallScreen key={other.username} />
}
