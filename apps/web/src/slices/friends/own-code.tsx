import { useEffect, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Icon } from '../../ui/icon.tsx'
import { say } from '../../ui/toast.ts'
import { spacedCode } from './friends.actions.ts'

/** Quiet modules around a QR code, which readers need. */
const QUIET = 4

/** The dark modules of a QR code as one path. */
async function drawn(text: string): Promise<{ readonly path: string; readonly size: number }> {
  const { generate } = await import('lean-qr')
  const code = generate(text)
  let path = ''
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`
  return { path, size: code.size + 2 * QUIET }
}

/** A QR code that leads to this server's page for asking by this code. Always dark on light, which is what readers expect. */
function QrCode({ code }: { code: string }) {
  const [made, setMade] = useState<Awaited<ReturnType<typeof drawn>>>()
  useEffect(() => {
    let left = false
    // Without its file (offline before it was ever loaded) there is the code itself.
    drawn(new URL(`/friends?code=${code}`, location.origin).href).then(
      (qr) => left || setMade(qr),
      () => undefined,
    )
    return () => {
      left = true
    }
  }, [code])
  if (!made) return <span className="qr" />
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${made.size} ${made.size}`}
      role="img"
      aria-label={t('friends.qr')}
      shapeRendering="crispEdges"
    >
      <path className="light" d={`M0 0h${made.size}v${made.size}H0z`} />
      <path className="dark" d={made.path} />
    </svg>
  )
}

/** The address of one's own profile: to copy, and to hand to another app where the browser can do that. */
function ProfileLink({ username, name }: { username: string; name: string }) {
  const link = new URL(`/dex/${encodeURIComponent(username)}`, location.origin).href
  // Absent on plain HTTP and on many desktops, whatever its type says.
  const canShare = (navigator as { share?: unknown }).share !== undefined
  // Rejects when the person thinks better of it.
  const share = () => void navigator.share({ title: t('app.dexOf', { name }), url: link }).catch(() => undefined)
  return (
    <>
      <h3>{t('friends.link')}</h3>
      <p className="soft">{t('friends.link.text')}</p>
      <CopyText text={link} label={t('friends.link.copy')} onCopied={() => say({ text: t('friends.link.copied') })} />
      {canShare && (
        <Button onClick={share}>
          <Icon name="forward" />
          {t('friends.link.share')}
        </Button>
      )}
    </>
  )
}

/** One's own code: to copy, to read out, to be scanned; and the link to one's own profile. */
export function OwnCode() {
  const { profile } = useDex()
  const [large, setLarge] = useState(false)
  if (!profile?.friendCode) return null
  const code = profile.friendCode
  return (
    <section className="card own-code" aria-labelledby="friends-code">
      <h2 id="friends-code">{t('profile.code')}</h2>
      <p className="soft">{t('friends.code.text')}</p>
      <CopyText
        large
        text={code}
        shown={spacedCode(code)}
        label={t('profile.code.copy')}
        onCopied={() => say({ text: t('profile.code.copied') })}
      />
      {large ? (
        <QrCode code={code} />
      ) : (
        <Button onClick={() => setLarge(true)}>
          <Icon name="qr" />
          {t('friends.qr.show')}
        </Button>
      )}
      <ProfileLink username={profile.username} name={profile.displayName} />
    </section>
  )
}
