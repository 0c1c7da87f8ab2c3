import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { takeLeftFiles } from '../../app/left-files.ts'
import { useAccount, useDex } from '../../app/session.tsx'
import { dexTitle, useWhose } from '../../app/whose.tsx'
import { WhoseSign } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PhotoInputFields, type PhotoInputs, usePhotoInputs } from '../images/photo-inputs.tsx'
import { ShotView } from '../images/shot-view.tsx'
import type { PhotoSource, Shot } from '../images/shots-state.ts'
import { useIncoming } from '../images/use-incoming.ts'
import { useShots } from '../images/use-shots.ts'
import { useBegunCapture } from './capture-draft.ts'
import { CaptureForm } from './capture-form.tsx'
import { CaptureShots } from './capture-shots.tsx'
import { CaptureStart } from './capture-start.tsx'
import './capture.css'

type Take = (files: readonly File[], source: PhotoSource) => void

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
        <Icon name="add" />
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

/** Which of several shots become one entry, and which were set apart; the first is never apart. */
function useGroups(shots: readonly Shot[]) {
  // Written down as a draft whenever it is another list.
  return useMemo(() => {
    const [first, ...others] = shots
    const together: [Shot, ...Shot[]] | undefined = first && [first, ...others.filter((shot) => !shot.apart)]
    return { together, apart: others.filter((shot) => shot.apart) }
  }, [shots])
}

/** Photos that are brought before it is known what was begun here: they come behind that. */
function useAfterBegun(looking: boolean, take: Take): Take {
  const early = useRef<Parameters<Take>[]>([])
  useEffect(() => {
    if (looking) return
    for (const one of early.current.splice(0)) take(...one)
  }, [looking, take])
  return (...brought) => {
    if (looking) early.current.push(brought)
    else take(...brought)
  }
}

/** Takes what was chosen for a screen that went meanwhile. */
function useLeftFiles(bring: Take): void {
  const account = useAccount()
  useEffect(() => {
    const files = takeLeftFiles(account)
    if (files.length > 0) bring(files, 'library')
    // Once: what is left later waits for the next capture.
  }, [])
}

/**
 * From a photo to a kept entry: nothing but the photo is required. `again` is the id of an entry whose animal was met once
 * more.
 */
export function CapturePage({ again }: { again?: string | undefined }) {
  const { entries } = useDex()
  const navigate = useNavigate()
  const inputs = usePhotoInputs()
  const { reading, wrong, take, keeping, ...photos } = useShots()
  const { reading: looking, begun, comesBack, place } = useBegunCapture(take)
  const bring = useAfterBegun(looking, take)
  useLeftFiles(bring)
  const over = useIncoming((files) => bring(files, 'library'))
  const { together, apart } = useGroups(photos.shots)
  const [round, setRound] = useState(0)
  useCameraAtOnce(inputs.camera, !looking && !begun)
  const rounds = {
    begin(shots: readonly Shot[]) {
      inputs.notChoosing()
      keeping.begin(shots)
    },
    /** Photos that were set apart or came meanwhile, or that somebody is choosing. */
    hasMore: () => keeping.hasMore() || inputs.isChoosing(),
    failed: keeping.failed,
    next() {
      keeping.done()
      setRound((before) => before + 1)
      scrollTo({ top: 0 })
    },
  }
  return (
    <main className={together ? 'capture-page with-shot' : 'capture-page'} id="content">
      <PhotoInputFields inputs={inputs} onFiles={bring} />
      {together ? (
        <>
          <ShotWithSign shot={together[0]} inputs={inputs} wrong={wrong} />
          <CaptureForm
            key={round}
            {...{ shots: together, apart, reading, rounds, place }}
            again={again && round === 0 ? entries.get(again) : undefined}
            begun={round === 0 ? begun : undefined}
            hold={reading && comesBack}
          >
            <CaptureShots {...photos} />
          </CaptureForm>
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
