import '../accounts/settings.css'
import './friends.css'
import { useSearch } from '@tanstack/react-router'
import { useFaces } from '../../app/faces.ts'
import { t } from '../../app/i18n.tsx'
import { Page } from '../../app/page.tsx'
import { WhenOpen } from '../../app/when-open.tsx'
import { AskForm } from './ask-form.tsx'
import { Blocked } from './blocked.tsx'
import { DexOverview } from './dex-list.tsx'
import { OwnCode } from './own-code.tsx'
import { Requests } from './requests.tsx'
import { WardRequests } from './ward-requests.tsx'

function Friends() {
  const { code } = useSearch({ from: '/frame/friends' })
  const none = useFaces().length === 0
  const ask = <AskForm key={code} begun={code ?? ''} />
  return (
    <Page title={t('friends.title')} lead={none ? t('friends.none') : undefined}>
      {code && ask}
      <WardRequests />
      <Requests />
      <DexOverview />
      {!code && ask}
      <OwnCode />
      <Blocked />
    </Page>
  )
}

/** Friends: their dexes, requests both ways, asking by code, one's own code, and who is blocked. */
export function FriendsPage() {
  return (
    <WhenOpen meanwhile={<Page title={t('friends.title')}>{null}</Page>}>
      <Friends />
    </WhenOpen>
  )
}
