import { formatCount } from './format.ts'
import { T, t } from './i18n.tsx'
import { sessions, useDexIfOpen, useOther } from './session.tsx'

/** Whose dex is on screen, and what is in it: from the dex, and before it is open from the last time. */
export interface Whose {
  readonly own: boolean
  readonly username: string | undefined
  readonly displayName: string | undefined
  readonly complete: boolean
}

export function useWhose(): Whose {
  const dex = useDexIfOpen()
  const other = useOther()
  const first = other ? other.person : sessions.firstWall
  return {
    own: other === undefined,
    username: dex?.profile?.username ?? first?.username,
    displayName: dex?.profile?.displayName ?? first?.displayName ?? other?.username,
    complete: dex?.complete ?? false,
  }
}

/** "Mara’s dex", or "Your dex" until the name is known. */
export const dexTitle = (displayName: string | undefined): string =>
  displayName ? t('app.dexOf', { name: displayName }) : t('app.ownDex')

/** "47 animals met, 120 sightings". */
export function DexCounts({ animals, entries }: { animals: number; entries: number }) {
  if (entries === 0) return t('wall.met.none')
  return (
    <>
      <T id="wall.met" values={{ animals: <Count of={animals} />, count: animals }} />
      {', '}
      {t('wall.sightings', { count: entries })}
    </>
  )
}

const Count = ({ of }: { of: number }) => <span className="n">{formatCount(of)}</span>
