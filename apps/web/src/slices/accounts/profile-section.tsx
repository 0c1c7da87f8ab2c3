import './settings.css'
import type { ProfileItem } from '@biologidex/core/accounts/account'
import { LIMITS } from '@biologidex/core/limits'
import { type FormEvent, useState } from 'react'
import { AskToLeave } from '../../app/ask-to-leave.tsx'
import { carryOut } from '../../app/carry-out.ts'
import { t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { say } from '../../ui/toast.ts'
import { AvatarEditor } from './avatar-editor.tsx'
import { currentSetting, type Edits, settingDrafts } from './profile-drafts.ts'

/** Name and bio. What was seen when typing began goes with it, so that nothing written elsewhere meanwhile is lost (O4). */
function NameForm({ profile }: { profile: ProfileItem }) {
  const engine = useEngine()
  const [edits, setEdits] = useState<Edits>({})
  const value = (field: 'displayName' | 'bio') => String(edits[field]?.to ?? currentSetting(profile, field) ?? '')
  const type = (field: 'displayName' | 'bio', text: string) =>
    setEdits((before) => ({ ...before, [field]: { was: before[field]?.was ?? currentSetting(profile, field), to: text } }))
  const nameless = value('displayName').trim() === ''
  const drafts = settingDrafts(profile.id, edits)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (nameless || drafts.length === 0 || !(await carryOut(() => engine.mutate(drafts)))) return
    setEdits({})
    say({ text: t('profile.saved') })
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate data-saved={drafts.length === 0}>
      <AskToLeave isUnsaved={drafts.length > 0} />
      <TextField
        label={t('accounts.displayName')}
        name="displayName"
        autoComplete="nickname"
        maxLength={LIMITS.nameChars}
        value={value('displayName')}
        onChange={(event) => type('displayName', event.target.value)}
        {...(nameless ? { wrong: t('profile.nameless') } : {})}
      />
      <TextArea
        label={t('profile.bio')}
        name="bio"
        rows={3}
        maxLength={LIMITS.bioChars}
        hint={t('profile.bio.hint')}
        value={value('bio')}
        onChange={(event) => type('bio', event.target.value)}
      />
      <Button type="submit" kind={drafts.length > 0 ? 'go' : 'normal'} aria-disabled={nameless || drafts.length === 0}>
        {t('profile.save')}
      </Button>
    </form>
  )
}

function FriendCode({ code }: { code: string }) {
  return (
    <div className="friend-code">
      <h3>{t('profile.code')}</h3>
      <CopyText
        large
        text={code}
        shown={`${code.slice(0, 4)} ${code.slice(4)}`}
        label={t('profile.code.copy')}
        onCopied={() => say({ text: t('profile.code.copied') })}
      />
      <p className="small soft">{t('profile.code.hint')}</p>
    </div>
  )
}

/** Who one is to others: picture, name, bio, friend code. */
export function ProfileSection() {
  const { profile } = useDex()
  if (!profile) return null
  return (
    <section className="card" aria-labelledby="settings-profile">
      <h2 id="settings-profile">{t('profile.title')}</h2>
      <AvatarEditor />
      <NameForm profile={profile} />
      {profile.friendCode && <FriendCode code={profile.friendCode} />}
    </section>
  )
}
