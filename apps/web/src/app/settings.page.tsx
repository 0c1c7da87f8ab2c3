import { PeopleSection } from '../slices/accounts/people-section.tsx'
import { ProfileSection } from '../slices/accounts/profile-section.tsx'
import { SecuritySection } from '../slices/accounts/security-section.tsx'
import { t } from './i18n.tsx'
import { Page } from './page.tsx'
import { DeviceSection } from './settings/device-section.tsx'
import { LookSection } from './settings/look-section.tsx'
import { WhenOpen } from './when-open.tsx'

/** Settings, section by section: who one is, who gets in, this device, how the app looks, and the people for an admin. */
export function SettingsPage() {
  return (
    <Page title={t('settings.title')}>
      <WhenOpen>
        <ProfileSection />
        <SecuritySection />
        <DeviceSection />
      </WhenOpen>
      <LookSection />
      <WhenOpen>
        <PeopleSection />
      </WhenOpen>
    </Page>
  )
}
