import { useSearch } from '@tanstack/react-router'
import { CapturePage } from '../slices/entries/capture.page.tsx'
import { WhenOpen } from './when-open.tsx'

/** The place for a capture: the whole of a phone, all beside the rail on a desktop. */
export function CaptureScreen() {
  const { again } = useSearch({ from: '/frame/capture' })
  return (
    <div className="page capture-place">
      <WhenOpen>
        <CapturePage again={again} />
      </WhenOpen>
    </div>
  )
}
