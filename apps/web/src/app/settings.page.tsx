import { AuditSection } from '../slices/accounts/audit-section.tsx'
import { DeleteSection } from '../slices/accounts/delete-section.tsx'
import { PeopleSection } from '../slices/accounts/people-section.tsx'
import { ProfileSection } from '../slices/accounts/profile-section.tsx'
import { SecuritySection } from '../slices/accounts/security-section.tsx'
import { SharingSection } from '../slices/accounts/sharing-section.tsx'
import { OldDataSection } from '../slices/exchange/old-data-section.tsx'
import { Blocked } from '../slices/friends/blocked.tsx'
import { WardsSection } from '../slices/friends/wards-section.tsx'
import { t } from './i18n.tsx'
import { Page } from './page.tsx'
import { DeviceSection } from './settings/device-section.tsx'
import { LookSection } from './settings/look-section.tsx'
import { PicturesSection } from './settings/pictures-section.tsx'
import { WhenOpen } from './when-open.tsx'

/**
 * Settings, section by section: who one is, what others see, who gets in, this device and its pictures, old data, how the app looks, who
 * is blocked, the accounts one looks after, the people for an admin, the log, and the end.
 */
export function SettingsPage() {
  return (
    <Page title={t('settings.title')}>
      <WhenOpen>
        <ProfileSection />
        <SharingSection />
        <SecuritySection />
        <DeviceSection />
        <PicturesSection />
        <OldDataSection />
      </WhenOpen>
      <LookSection />
      <WhenOpen>
        <Blocked always />
        <WardsSection />
        <PeopleSection />
        <AuditSection />
        <DeleteSection />
      </WhenOpen>
    </Page>
  )
}
