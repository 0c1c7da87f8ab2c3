import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { dexTitle, useWhose } from '../../app/whose.tsx'
import { WhoseSign } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PhotoInputFields, type PhotoInputs, usePhotoInputs } from '../images/photo-inputs.tsx'
import { ShotView } from '../images/shot-view.tsx'
import { useIncoming } from '../images/use-incoming.ts'
import { type Shot, useShot } from '../images/use-shot.ts'
import { useBegunCapture } from './capture-draft.ts'
import { CaptureForm } from './capture-form.tsx'
import { CaptureStart } from './capture-start.tsx'
import './capture.css'

/**
 * On a phone the tap that led here opens the camera too: one tap less between an animal and its photo. Browsers allow that
 * only right after a touch; a reload or a link opens none, nor does a capture that was begun.
 */
function useCameraAtOnce(camera: PhotoInputs['camera'], wanted: boolean): void {
  const once = useRef(false)
  useEffect(() => {
    if (!wanted || once.current) return
    once.current = true
    if (matchMedia('(pointer: coarse)').matches && navigator.userActivation?.isActive) camera.current?.click()
  }, [camera, wanted])
}

function ShotWithSign({ shot, inputs, wrong }: { shot: Shot; inputs: PhotoInputs; wrong: string | undefined }) {
  const { displayName } = useWhose()
  const name = displayName ?? ''
  return (
    <ShotView shot={shot}>
      <WhoseSign name={name} text={t('capture.into', { dex: dexTitle(displayName) })} />
      <Button shape="square" className="another" aria-label={t('capture.another')} onClick={inputs.choosePicture}>
        <Icon name="album" />
      </Button>
      {wrong && (
        <p className="wrong-line over-shot" role="alert">
          <Icon name="warning" small />
          {wrong}
        </p>
      )}
    </ShotView>
  )
}

/**
 * From a photo to a kept entry: nothing but the photo is required. `again` is the id of an entry whose animal was met once
 * more.
 */
export function CapturePage({ again }: { again?: string | undefined }) {
  const { entries } = useDex()
  const navigate = useNavigate()
  const inputs = usePhotoInputs()
  const { shot, reading, wrong, take } = useShot()
  const over = useIncoming((file) => take(file, 'library'))
  const { reading: looking, begun } = useBegunCapture(take)
  useCameraAtOnce(inputs.camera, !looking && !begun)
  return (
    <main className={shot ? 'capture-page with-shot' : 'capture-page'} id="content">
      <PhotoInputFields inputs={inputs} onFile={take} />
      {shot ? (
        <>
          <ShotWithSign shot={shot} inputs={inputs} wrong={wrong} />
          <CaptureForm shot={shot} again={again ? entries.get(again) : undefined} begun={begun} />
        </>
      ) : (
        <>
          <CaptureStart inputs={inputs} reading={reading} wrong={wrong} over={over} />
          <div className="keep-bar">
            <Button onClick={() => void navigate({ to: '/' })}>
              <Icon name="back" />
              {t('entry.toWall')}
            </Button>
          </div>
        </>
      )}
    </main>
  )
}
