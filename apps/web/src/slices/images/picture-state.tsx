import type { ImagePart } from '@biologidex/core/images/image'
import { useEngine, useSyncStatus } from '../../app/session.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { pictureWords } from './picture-words.ts'

/** Says how far a picture has come, while there is something to say. */
export function PictureState({ image }: { image: ImagePart }) {
  const engine = useEngine()
  // What was set aside changes with the status only.
  useSyncStatus()
  const upload = engine.setAside().uploads.find((one) => one.image === image.id)
  const words = pictureWords(image, upload)
  if (!words) return null
  return (
    <p className="picture-state" role="status">
      <SyncMark at={words.at} quiet />
      {words.text}
    </p>
  )
}
