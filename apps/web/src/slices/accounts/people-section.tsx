import './settings.css'
import type { AdminAccount, ResetLink } from '@biologidex/core/accounts/account'
import { useCallback, useState } from 'react'
import { formatInstant } from '../../app/format.ts'
import { t } from '../../app/i18n.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { say } from '../../ui/toast.ts'
import { askIsAdmin, listPeople, makeResetLink, type People } from './security.actions.ts'
import { useAsked, useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

function Person({ account, onLink }: { account: AdminAccount; onLink: () => void }) {
  const { username, displayName, role } = account
  const named = username === displayName ? '' : username
  return (
    <li>
      <Avatar name={displayName} />
      <div>
        <b>{displayName}</b>
        <p className="small soft">{role === 'admin' ? t('people.admin', { username }) : named}</p>
      </div>
      <Button onClick={onLink} aria-label={t('people.link.for', { username })}>
        {t('people.link')}
      </Button>
    </li>
  )
}

/** A link just made. It can be seen this once: the server keeps its hash alone. */
function LinkSheet({ link, onClose }: { link: ResetLink | undefined; onClose: () => void }) {
  const values = { username: link?.username ?? '', until: formatInstant(link?.expires ?? 0) }
  return (
    <Sheet
      open={link !== undefined}
      onClose={onClose}
      title={t('people.made', values)}
      description={t('people.made.text', values)}
    >
      <CopyText
        text={new URL(link?.path ?? '/', location.origin).href}
        label={t('people.copy')}
        onCopied={() => say({ text: t('people.copied') })}
      />
      <div className="ends">
        <LeaveButton>{t('ui.close')}</LeaveButton>
      </div>
    </Sheet>
  )
}

/** The accounts as far as they have been asked for; none for who is no admin. */
function usePeople() {
  const [more, setMore] = useState<readonly People[]>([])
  const ask = useCallback(async () => ((await askIsAdmin()) ? listPeople() : undefined), [])
  const [asked] = useAsked<People | undefined>(ask)
  const first = asked.kind === 'here' ? asked.value : undefined
  const pages = first ? [first, ...more] : []
  const after = pages.at(-1)?.after
  const next = async () => {
    const page = await listPeople(after)
    setMore((before) => [...before, page])
  }
  return { isAdmin: first !== undefined, accounts: pages.flatMap((page) => page.accounts), next: after ? next : undefined }
}

/** For admins: everybody here, and a way to let somebody in again who forgot the password. */
export function PeopleSection() {
  const { isAdmin, accounts, next } = usePeople()
  const [link, setLink] = useState<ResetLink>()
  const { wrong, run } = useDeed()
  if (!isAdmin) return null
  return (
    <section className="card" aria-labelledby="settings-people">
      <h2 id="settings-people">{t('people.title')}</h2>
      <p className="soft">{t('people.text')}</p>
      <ul className="lines">
        {accounts.map((account) => (
          <Person
            key={account.id}
            account={account}
            onLink={() => void run(async () => setLink(await makeResetLink(account.id)))}
          />
        ))}
      </ul>
      {next && <Button onClick={() => void run(next)}>{t('people.more')}</Button>}
      {wrong && <WrongBox>{wrong}</WrongBox>}
      <LinkSheet link={link} onClose={() => setLink(undefined)} />
    </section>
  )
}
