import type { OldData } from '@biologidex/client/old-data'
import { formatCount, formatList } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Icon } from '../../ui/icon.tsx'

const NAMED = 3

/** What is in a list, by its first animals: people know their own. */
function named(members: OldData['dexes'][number]['members']): string {
  const names = members.flatMap(({ label }) => label.name ?? [])
  return formatList([...names.slice(0, NAMED), ...(names.length > NAMED ? ['…'] : [])])
}

/** The lists that were found: which of them are one's own is the person's to say. */
export function ImportLists(props: {
  dexes: OldData['dexes']
  own: ReadonlySet<string>
  onOwn: (path: string, isOwn: boolean) => void
}) {
  const { dexes, own, onOwn } = props
  return (
    <section className="card" aria-labelledby="import-lists">
      <h2 id="import-lists">{t('import.lists')}</h2>
      <p className="soft">{t('import.lists.text')}</p>
      <ul className="import-lists">
        {dexes.map(({ path, members, owner }) => {
          const counts = { count: members.length, shown: formatCount(members.length) }
          const title = owner ?? (named(members) || path)
          return (
            <li key={path}>
              <div>
                <b>{title}</b>
                <p className="small soft">{t('import.lists.count', counts)}</p>
                <p className="small soft">{path}</p>
              </div>
              <label>
                <input
                  type="checkbox"
                  aria-label={`${t('import.lists.mine')}: ${title}`}
                  checked={own.has(path)}
                  onChange={({ target }) => onOwn(path, target.checked)}
                />
                {t('import.lists.mine')}
              </label>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const SHOWN = 50

/** What is to be said of files as a whole. */
export function ImportNotices({ notices }: { notices: OldData['notices'] }) {
  if (notices.length === 0) return null
  return (
    <section className="card" aria-labelledby="import-files">
      <h2 id="import-files">{t('import.files')}</h2>
      <ul className="import-notices">
        {notices.slice(0, SHOWN).map(({ path, code }) => (
          <li key={`${path} ${code}`}>
            <Icon name="warning" small />
            <div>
              <b>{path}</b>
              <p className="small soft">{t(`import.code.${code}`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
