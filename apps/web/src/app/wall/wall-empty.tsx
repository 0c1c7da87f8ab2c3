import { Link } from '@tanstack/react-router'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { formatList } from '../format.ts'
import { T, t } from '../i18n.tsx'
import { Notice } from '../notice.tsx'
import { useDexIfOpen, useOther, useSyncPart } from '../session.tsx'
import type { OtherDex } from '../shown-context.ts'
import { Meadow } from './meadow.tsx'

function FirstStep() {
  const offline = useSyncPart(({ connection }) => connection) === 'offline'
  return (
    <Notice
      art={<Meadow />}
      title={t('wall.empty.title')}
      text={
        <>
          {t('wall.empty.text')}
          {offline && <> {t('wall.empty.offline')}</>}
        </>
      }
    >
      <Link to="/capture" className={buttonClass({ kind: 'go', shape: 'round' })}>
        <Icon name="camera" />
        {t('wall.empty.first')}
      </Link>
    </Notice>
  )
}

/** Another's dex without anything to see in it. */
function NothingOfTheirs({ other: { relation, person, username } }: { other: OtherDex }) {
  const name = person?.displayName ?? username
  const stranger = relation === 'stranger'
  return (
    <Notice
      art={<Meadow />}
      title={t(stranger ? 'dex.stranger.none.title' : 'dex.empty.title')}
      text={t(stranger ? 'dex.stranger.none.text' : 'dex.empty.text', { name })}
    />
  )
}

/** A wall without plates: a new dex explains itself; one that is still arriving says so. */
export function WallEmpty() {
  const dex = useDexIfOpen()
  const other = useOther()
  const connection = useSyncPart(({ connection }) => connection)
  const arriving = dex?.complete === false && connection !== 'offline' && connection !== 'waiting'
  if (arriving) return <Notice art={<Meadow />} title={t('wall.arriving.title')} text={t('wall.arriving.text')} />
  return other ? <NothingOfTheirs other={other} /> : <FirstStep />
}

/** Nothing fits what was typed and chosen: what that was, and a way out. */
export function WallNothingFound(props: { query: string; filters: readonly string[]; onClear: () => void }) {
  const { query, filters, onClear } = props
  const chosen = formatList(filters)
  const only = filters.length === 0
  const text = only ? 'wall.nothing.text' : query ? 'wall.nothing.both.text' : 'wall.nothing.filters.text'
  return (
    <Notice
      title={t(only ? 'wall.nothing.title' : 'wall.nothing.filters.title')}
      text={<T id={text} values={{ query, filters: chosen }} />}
    >
      <Button onClick={onClear}>{t(only ? 'wall.search.clear' : 'wall.filter.clear.all')}</Button>
    </Notice>
  )
}
