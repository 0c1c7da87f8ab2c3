import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { PhotoInputs } from '../images/photo-inputs.tsx'

interface CaptureStartProps {
  readonly inputs: PhotoInputs
  readonly reading: boolean
  readonly wrong: string | undefined
  /** A picture is held over the page. */
  readonly over: boolean
}

/** What there is before a photo: the camera, the device's pictures, or dropping one here. */
export function CaptureStart({ inputs, reading, wrong, over }: CaptureStartProps) {
  return (
    <div className={over ? 'start over' : 'start'}>
      <Icon name="camera" className="start-art" />
      <h1>{t('capture.first')}</h1>
      <p className="soft" role="status">
        {reading ? t('capture.reading') : t(over ? 'capture.drop.now' : 'capture.first.text')}
      </p>
      {wrong && (
        <p className="wrong-line" role="alert">
          <Icon name="warning" small />
          {wrong}
        </p>
      )}
      <div className="start-ways">
        <Button kind="go" shape="round" className="by-camera" onClick={inputs.takePhoto}>
          <Icon name="camera" />
          {t('capture.take')}
        </Button>
        <Button shape="round" className="by-library" onClick={inputs.choosePicture}>
          <Icon name="album" />
          {t('capture.choose')}
        </Button>
      </div>
      <p className="small soft by-drop">{t('capture.drop')}</p>
    </div>
  )
}
