import { useSearch } from '@tanstack/react-router'
import { CapturePage } from '../slices/entries/capture.page.tsx'
import { t } from './i18n.tsx'
import { Title } from './title.tsx'
import { WhenOpen } from './when-open.tsx'

/** The place for a capture: the whole of a phone, all beside the rail on a desktop. */
export function CaptureScreen() {
  const { again } = useSearch({ from: '/frame/capture' })
  return (
    <div className="page capture-place">
      <Title of={t('app.nav.capture')} />
      <WhenOpen>
        <CapturePage again={again} />
      </WhenOpen>
    </div>
  )
}
