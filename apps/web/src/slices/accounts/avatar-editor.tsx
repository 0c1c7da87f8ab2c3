import { type ChangeEvent, useRef } from 'react'
import { useOwnAvatar } from '../../app/avatar-address.ts'
import { t } from '../../app/i18n.tsx'
import { useDex, useEngine } from '../../app/session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.ts'
import { removeAvatar, sendAvatar } from './security.actions.ts'
import { squarePicture } from './square-picture.ts'
import { useDeed } from './use-asked.ts'
import { WrongBox } from './wrong-box.tsx'

/** The picture of the profile: chosen from the device, taken away. Needs a connection. */
export function AvatarEditor() {
  const { profile } = useDex()
  const engine = useEngine()
  const src = useOwnAvatar()
  const input = useRef<HTMLInputElement>(null)
  const { busy, wrong, run } = useDeed()
  const change = (deed: () => Promise<void>) =>
    run(async () => {
      await deed()
      // The profile brings the picture; a sync that fails now is made up for by the next.
      await engine.syncNow().catch(() => undefined)
      say({ text: t('profile.picture.done') })
    })
  const onFile = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    if (file) void change(async () => sendAvatar(await squarePicture(file)))
    // The same file may be chosen again, after another one or a failure.
    event.target.value = ''
  }
  return (
    <div className="avatar-editor">
      <Avatar name={profile?.displayName ?? ''} src={src} size="xl" />
      <div>
        <div className="row">
          <Button onClick={() => input.current?.click()} aria-disabled={busy}>
            {t(busy ? 'accounts.working' : 'profile.picture.choose')}
          </Button>
          {profile?.avatar && !busy && (
            <Button kind="plain" onClick={() => void change(removeAvatar)}>
              {t('profile.picture.remove')}
            </Button>
          )}
        </div>
        <p className="small soft">{t('profile.picture.hint')}</p>
      </div>
      <input
        ref={input}
        name="avatar"
        type="file"
        accept="image/*"
        hidden
        onChange={onFile}
        aria-label={t('profile.picture')}
      />
      {wrong && <WrongBox>{wrong}</WrongBox>}
    </div>
  )
}
