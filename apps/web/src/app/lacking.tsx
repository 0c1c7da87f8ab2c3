import { useEffect, useRef } from 'react'
import { Button, buttonClass } from '../ui/button.tsx'
import { say } from '../ui/toast.ts'
import { t } from './i18n.tsx'
import type { LackingProps } from './lazy-part.tsx'
import { Notice } from './notice.tsx'
import { usePlaceIfKnown } from './session.tsx'
import { Title } from './title.tsx'
import { WallLink } from './ways.tsx'

const why = () => t(navigator.onLine ? 'app.lacking.server' : 'app.lacking.offline')

function LackingNotice({ again, first }: LackingProps & { first: boolean }) {
  const known = usePlaceIfKnown() !== undefined
  return (
    <Notice first={first} title={t('app.lacking.title')} text={why()}>
      <Button kind="go" onClick={again}>
        {t('app.lacking.again')}
      </Button>
      {known && <WallLink className={buttonClass({})}>{t('app.notFound.back')}</WallLink>}
    </Notice>
  )
}

/** In the place of a screen whose files are not on this device. */
export function LackingScreen({ again }: LackingProps) {
  return (
    <main className="alone" id="content">
      <Title of={t('app.lacking.title')} />
      <LackingNotice again={again} first />
    </main>
  )
}

/** In the place of an entry, beside the wall or over it. */
export function LackingBeside({ again }: LackingProps) {
  return (
    <div className="alone" role="status">
      <LackingNotice again={again} first={false} />
    </div>
  )
}

/** In the place of a sheet: said in passing, and it opens once it is here. */
export function LackingSheet({ again }: LackingProps) {
  const latest = useRef(again)
  latest.current = again
  useEffect(() => {
    const action = { label: t('app.lacking.again'), run: () => latest.current() }
    say({ id: 'lacking', text: t('app.lacking.title'), action })
  }, [])
  return null
}

/** In the place of a bar. */
export function LackingLine({ again }: LackingProps) {
  return (
    <div className="calm" role="status">
      {t('app.lacking.title')}
      <Button kind="plain" onClick={again}>
        {t('app.lacking.again')}
      </Button>
    </div>
  )
}

/** In the place of what nobody has asked for. */
export const LackingNothing = (_: LackingProps) => null
