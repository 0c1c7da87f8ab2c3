import { PICTURE_TYPES } from '@biologidex/core/images/image'
import { type ChangeEvent, type RefObject, useEffect, useRef } from 'react'
import { hearLate } from '../../app/left-files.ts'
import { useAccount } from '../../app/session.tsx'
import type { PhotoSource } from './shots-state.ts'

/** Ways to bring a photo: the camera where there is one, or the device's pictures. */
export interface PhotoInputs {
  readonly camera: RefObject<HTMLInputElement | null>
  readonly library: RefObject<HTMLInputElement | null>
  readonly takePhoto: () => void
  readonly choosePicture: () => void
  /** Whether the device's own way to choose is open. */
  readonly isChoosing: () => boolean
  /** It is not, whatever was heard: some browsers do not say that nothing was chosen. */
  readonly notChoosing: () => void
}

export function usePhotoInputs(): PhotoInputs {
  const camera = useRef<HTMLInputElement>(null)
  const library = useRef<HTMLInputElement>(null)
  const choosing = useRef(false)
  const notChoosing = () => {
    choosing.current = false
  }
  const open = (input: HTMLInputElement | null) => {
    if (!input) return
    choosing.current = true
    input.addEventListener('cancel', notChoosing, { once: true })
    input.click()
  }
  return {
    camera,
    library,
    takePhoto: () => open(camera.current),
    choosePicture: () => open(library.current),
    isChoosing: () => choosing.current,
    notChoosing,
  }
}

/** `image/*` makes phones offer their gallery; HEIC is named because some systems do not count it as one. */
export const ACCEPT = ['image/*', ...PICTURE_TYPES, '.heic', '.heif', '.avif'].join(',')

interface PhotoInputProps {
  readonly inputs: PhotoInputs
  readonly onFiles: (files: readonly File[], source: PhotoSource) => void
}

/** The file fields behind the buttons. */
export function PhotoInputFields({ inputs, onFiles }: PhotoInputProps) {
  const account = useAccount()
  const { camera, library } = inputs
  useEffect(() => {
    for (const { current } of [camera, library]) if (current) hearLate(current, account)
  }, [camera, library, account])
  const chosen = (source: PhotoSource) => (event: ChangeEvent<HTMLInputElement>) => {
    inputs.notChoosing()
    const files = [...(event.target.files ?? [])]
    if (files.length > 0) onFiles(files, source)
    // The same file may be chosen again, after another one or a failure.
    event.target.value = ''
  }
  return (
    <>
      <input ref={camera} name="camera" type="file" accept="image/*" capture="environment" hidden onChange={chosen('camera')} />
      <input ref={library} name="library" type="file" accept={ACCEPT} multiple hidden onChange={chosen('library')} />
    </>
  )
}
