import { useState } from 'react'
import { SignOut } from '../slices/accounts/sign-out.tsx'
import { SyncLine } from '../slices/sync/sync-line.tsx'
import { RadioCard, RadioCards } from '../ui/radio-card.tsx'
import { type MessageId, T, t } from './i18n.tsx'
import { Page } from './page.tsx'
import { rememberedTheme, THEMES, type Theme, takeTheme } from './remembered.ts'
import { useDex } from './session.tsx'
import { useWallModel } from './wall/use-wall.ts'
import { WhenOpen } from './when-open.tsx'

const WORDS: Record<Theme, MessageId> = {
  system: 'settings.theme.system',
  light: 'settings.theme.light',
  dark: 'settings.theme.dark',
}

function ThemeChoice() {
  const [theme, setTheme] = useState(rememberedTheme)
  const take = (wanted: Theme) => {
    setTheme(wanted)
    takeTheme(wanted)
  }
  return (
    <RadioCards label={t('settings.theme')} value={theme} onChange={take}>
      {THEMES.map((one) => (
        <RadioCard key={one} value={one}>
          {t(WORDS[one])}
        </RadioCard>
      ))}
    </RadioCards>
  )
}

function AccountCard() {
  const { profile } = useDex()
  const { animals, entries } = useWallModel()
  return (
    <section className="card">
      <h2>{t('settings.account')}</h2>
      {profile && (
        <p>
          <T id="settings.account.as" values={{ username: profile.username }} />
        </p>
      )}
      <p className="soft">{t('settings.device.kept', { entries, animals })}</p>
      <SyncLine />
      <div>
        <SignOut />
      </div>
    </section>
  )
}

/** Settings: the account and this device, and how the app looks. */
export function SettingsPage() {
  return (
    <Page title={t('settings.title')}>
      <WhenOpen>
        <AccountCard />
      </WhenOpen>
      <section className="card">
        <h2>{t('settings.theme')}</h2>
        <ThemeChoice />
      </section>
    </Page>
  )
}
