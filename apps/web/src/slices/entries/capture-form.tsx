import { DEFAULT_SETTINGS } from '@biologidex/core/accounts/account'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useId, useMemo, useState } from 'react'
import { readerLanguage, t } from '../../app/i18n.tsx'
import { useDex } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { AnimalPicker } from '../animals/animal-picker.tsx'
import { useKept } from '../animals/animals.queries.ts'
import { type AnimalChoice, namesOf } from '../animals/choice.ts'
import { choiceOf } from '../animals/recents.ts'
import type { Shot } from '../images/shots-state.ts'
import { type CaptureDraft, type DraftShots, useCaptureDraft } from './capture-draft.ts'
import { CaptureMore, type MoreFields, SameOuting } from './capture-more.tsx'
import type { CapturePlace } from './capture-place.ts'
import { countOf } from './counts.ts'
import { NO_OUTING, sightingNear } from './outings.ts'
import { useKeep } from './use-keep.ts'
import { useWhenWhere } from './use-when-where.ts'
import { WhenWhereRow } from './when-where-row.tsx'

/** What the Keep button says it keeps. */
function keepLabel(choice: AnimalChoice): string {
  const { name, latin } = namesOf(choice, readerLanguage())
  if (choice.kind === 'text') return t('capture.keep.text', { name: choice.text })
  const called = name ?? latin
  return called ? t('capture.keep', { name: called }) : t('capture.keep.unsure')
}

interface KeepBarProps {
  readonly label: string
  readonly keeping: boolean
  readonly reading: boolean
  readonly failed: string | undefined
  /** Whether anything of what was said so far lies on this device, and whether all of it does. */
  readonly saved: { readonly some: boolean; readonly all: boolean }
  readonly onKeep: () => void
  readonly onLeave: () => void
}

function KeepBar(props: KeepBarProps) {
  const words = useId()
  return (
    <div className="keep-bar">
      {props.failed && (
        <p className="wrong-line" role="alert">
          <Icon name="warning" small />
          {props.failed}
        </p>
      )}
      <div className="acts">
        <Button shape="square" aria-label={t('capture.cancel')} onClick={props.onLeave}>
          <Icon name="close" />
        </Button>
        <Button
          kind="go"
          shape="round"
          className="keep"
          aria-describedby={words}
          disabled={props.keeping || props.reading}
          onClick={props.onKeep}
        >
          {props.keeping ? t('capture.keeping') : props.label}
        </Button>
      </div>
      <p className="small soft safe" id={words} aria-busy={props.saved.some && !props.saved.all}>
        <SyncMark at="here" quiet />
        {t(props.saved.some ? 'capture.draft' : 'capture.safe')}
      </p>
    </div>
  )
}

function useMore(begun: Partial<MoreFields> = {}) {
  const { profile } = useDex()
  const [said, setSaid] = useState<Partial<MoreFields>>(begun)
  // The account's default may arrive later than the form: it holds for as long as nobody chose.
  const { visibility } = profile?.settings ?? DEFAULT_SETTINGS
  const blank: MoreFields = { note: '', privateNote: '', count: '', captive: false, outing: NO_OUTING, visibility }
  const patch = (change: Partial<MoreFields>) => setSaid((before) => ({ ...before, ...change }))
  return { more: { ...blank, ...said }, said, patch }
}

/** One entry after another, of the photos that are at hand. They answer as it is now: photos come while others are being kept. */
export interface Rounds {
  readonly begin: (shots: readonly Shot[]) => void
  /** Whether there is more to keep, besides what is being kept. */
  readonly hasMore: () => boolean
  /** It is kept: on with what there is. */
  readonly next: () => void
  readonly failed: () => void
}

interface CaptureFormProps extends DraftShots {
  /** More are being read: what is not read cannot be kept yet. */
  readonly reading: boolean
  readonly rounds: Rounds
  /** What lies above all that is said. */
  readonly children?: ReactNode
  /** An entry whose animal was met once more. */
  readonly again: EntryOnScreen | undefined
  /** What was said already, before the app was closed or reloaded. */
  readonly begun: CaptureDraft | undefined
  /** Photos of it are still on their way back. */
  readonly hold: boolean
  /** Where it is written down; undefined: nowhere. */
  readonly place: CapturePlace | undefined
}

/** All that is said of a photo before it is kept. */
export function CaptureForm({ shots, apart, reading, rounds, again, begun, hold, place, children }: CaptureFormProps) {
  const [shot] = shots
  const navigate = useNavigate()
  const { animal, entries } = useDex()
  const hasKept = useKept().size > 0
  const whenWhere = useWhenWhere(shot, begun)
  const [choice, setChoice] = useState<AnimalChoice>(
    () => begun?.choice ?? (again && choiceOf(again, animal)) ?? { kind: 'unsure' },
  )
  const { more, said, patch } = useMore(begun?.more)
  const { keeping, failed, keep } = useKeep()
  const { when, where } = whenWhere
  const [opened] = useState(() => Date.now())
  const near = useMemo(() => sightingNear(entries, when.value, opened), [entries, when.value, opened])
  const count = countOf(more.count)
  const draft = useCaptureDraft({ shots, apart }, { choice, more: said, when, where }, begun, hold, place)
  const done = async () => {
    const ending = rounds.hasMore() ? draft.end() : draft.drop()
    await ending.catch((error: unknown) => console.warn('A draft that was kept could not be dropped.', error))
    // Asked anew: more may have come while the draft was dropped. They are written down by the next round.
    const goesOn = rounds.hasMore()
    if (goesOn) rounds.next()
    return goesOn
  }
  const onKeep = async () => {
    if (count === undefined) return
    const form = { ...more, count, choice, observed: when.value, place: where.value }
    rounds.begin(shots)
    if (!(await keep({ entry: draft.entry, shots, form }, done))) rounds.failed()
  }
  const onLeave = () => {
    void draft.drop()
    void navigate({ to: '/' })
  }
  return (
    <div className="say" data-saved={draft.saved.all}>
      {children}
      <WhenWhereRow {...whenWhere} />
      <div className="ask">
        <h1>{t('capture.which')}</h1>
        <p className="soft small">{t(hasKept ? 'capture.which.text' : 'capture.which.first')}</p>
        <AnimalPicker label={t('capture.which')} value={choice} onChange={setChoice} />
        {near && <SameOuting near={near} fields={more} patch={patch} />}
        <CaptureMore fields={more} patch={patch} />
      </div>
      <KeepBar
        label={keepLabel(choice)}
        keeping={keeping}
        reading={reading}
        failed={count === undefined ? t('edit.count.wrong') : failed}
        saved={draft.saved}
        onKeep={() => void onKeep()}
        onLeave={onLeave}
      />
    </div>
  )
}
