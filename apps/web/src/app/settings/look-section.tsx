import { useState } from 'react'
import { RadioCard, RadioCards } from '../../ui/radio-card.tsx'
import { type MessageId, t } from '../i18n.tsx'
import { rememberedTheme, THEMES, type Theme, takeTheme } from '../remembered.ts'

const WORDS: Record<Theme, MessageId> = {
  system: 'settings.theme.system',
  light: 'settings.theme.light',
  dark: 'settings.theme.dark',
}

/** How the app looks on this device. */
export function LookSection() {
  const [theme, setTheme] = useState(rememberedTheme)
  const take = (wanted: Theme) => {
    setTheme(wanted)
    takeTheme(wanted)
  }
  return (
    <section className="card" aria-labelledby="settings-look">
      <h2 id="settings-look">{t('settings.theme')}</h2>
      <RadioCards label={t('settings.theme')} value={theme} onChange={take}>
        {THEMES.map((one) => (
          <RadioCard key={one} value={one}>
            {t(WORDS[one])}
          </RadioCard>
        ))}
      </RadioCards>
    </section>
  )
}
