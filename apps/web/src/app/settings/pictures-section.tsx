import '../../slices/accounts/settings.css'
import './pictures-section.css'
import type { CacheContents } from '@biologidex/client/face'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { say } from '../../ui/toast.ts'
import { formatCount } from '../format.ts'
import { formatBytes } from '../format-bytes.ts'
import { t } from '../i18n.tsx'
import { useDexes, useEngine, usePeople, useSyncPart } from '../session.tsx'

/** The limits to choose from, in bytes. */
const LIMITS = [1e8, 2.5e8, 5e8, 1e9, 2e9, 5e9]

/** What the cache holds, asked anew after each deed and each sync. */
function useCache() {
  const engine = useEngine()
  const success = useSyncPart(({ lastSuccess }) => lastSuccess)
  const [holds, setHolds] = useState<CacheContents>()
  const look = useCallback(() => {
    // A store that cannot be read is told of elsewhere.
    engine.cache().then(setHolds, () => undefined)
  }, [engine])
  useEffect(look, [look, success])
  const run = async (deed: () => Promise<void>, said?: string) => {
    await deed()
    if (said) say({ id: 'cache', text: said })
    look()
  }
  return { engine, holds, run }
}

type Held = CacheContents['dexes'][number]

function HeldLine(props: { held: Held; name: string; onPin: () => void; onEmpty: () => void }) {
  const { held, name } = props
  const { bytes, pictures, pinned } = held
  return (
    <li>
      <div>
        <b>{name}</b>
        <p className="small soft">
          {t('cache.held', { count: pictures, shown: formatCount(pictures), bytes: formatBytes(bytes) })}
        </p>
      </div>
      <Button shape="square" className="pin" aria-pressed={pinned} aria-label={t('cache.pin', { name })} onClick={props.onPin}>
        <Icon name="pin" />
      </Button>
      <Button onClick={props.onEmpty} aria-label={t('cache.empty.of', { name })}>
        {t('cache.empty')}
      </Button>
    </li>
  )
}

/** How much room pictures may take, what is held and of whose dex, keeping and emptying. */
export function PicturesSection() {
  const { engine, holds, run } = useCache()
  const people = usePeople()
  const dexes = useDexes()
  if (!holds) return null
  const nameOf = (account: string): string =>
    account === engine.account ? t('app.ownDex') : (people?.friends.get(account)?.displayName ?? t('cache.other'))
  const share = Math.min(100, Math.round((holds.bytes / Math.max(1, holds.limit)) * 100))
  const limits = [...new Set([...LIMITS, holds.limit])].sort((a, b) => a - b)
  // A dex of which nothing is held can be pinned before it fills.
  const none = { bytes: 0, pictures: 0, pinned: false }
  const rows = [
    ...holds.dexes,
    ...dexes
      .filter(({ account }) => !holds.dexes.some((held) => held.account === account))
      .map(({ account }) => ({ ...none, account })),
  ]
  return (
    <section className="card" aria-labelledby="settings-pictures">
      <h2 id="settings-pictures">{t('cache.title')}</h2>
      <p className="soft">{t('cache.text')}</p>
      <div>
        <div
          className="meter"
          role="meter"
          aria-label={t('cache.title')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share}
        >
          <b style={{ width: `${share}%` }} />
        </div>
        <p className="small">
          {t('cache.total', {
            bytes: formatBytes(holds.bytes),
            limit: formatBytes(holds.limit),
            count: holds.pictures,
            shown: formatCount(holds.pictures),
          })}
        </p>
      </div>
      <Field label={t('cache.limit')} hint={t('cache.limit.hint')}>
        {(wiring) => (
          <select
            value={holds.limit}
            onChange={(event) => void run(() => engine.limitCache(Number(event.target.value)), t('profile.saved'))}
            {...wiring}
          >
            {limits.map((limit) => (
              <option key={limit} value={limit}>
                {formatBytes(limit)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ul className="lines">
        {rows.map((held) => (
          <HeldLine
            key={held.account}
            held={held}
            name={nameOf(held.account)}
            onPin={() => void run(() => engine.pin(held.account, !held.pinned))}
            onEmpty={() => void run(() => engine.emptyCache(held.account), t('cache.emptied'))}
          />
        ))}
      </ul>
      <div>
        <Button onClick={() => void run(() => engine.emptyCache(), t('cache.emptied'))}>{t('cache.empty.all')}</Button>
      </div>
    </section>
  )
}
