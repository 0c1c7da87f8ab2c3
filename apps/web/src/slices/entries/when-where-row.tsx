import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { type ReactNode, useState } from 'react'
import { formatObserved } from '../../app/format.ts'
import { type MessageId, readerLocales, t } from '../../app/i18n.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { DateEditor } from './date-editor.tsx'
import { formatTime, isSameDay } from './dates.ts'
import { PlaceEditor } from './place-editor.tsx'
import { formatCoordinates } from './places.ts'
import { observedNow } from './taken.ts'
import type { Known, KnownFrom, WhenWhere } from './use-when-where.ts'

const FROM: Record<KnownFrom, MessageId> = {
  photo: 'capture.source.photo',
  device: 'capture.source.device',
  you: 'capture.source.you',
}

/** A date on a narrow line: today by its time, any other with time if it has one. */
export function shortDate(observed: Observed): string {
  const time = formatTime(observed, readerLocales())
  if (!time) return formatObserved(observed, 'short')
  const isToday = isSameDay(observed, observedNow(new Date()))
  return isToday ? t('capture.date.today', { time }) : `${formatObserved(observed, 'short')}, ${time}`
}

/** A place in few words: its name, else its position. */
export const shortPlace = (place: Place): string => place.name ?? formatCoordinates(place, readerLocales())

/** Who said where it was, and how sure that is. */
function placeFrom({ value, from }: Known<Place>): string {
  const source = t(value && from ? FROM[from] : 'capture.source.none')
  const metres = value?.accuracy === undefined ? 0 : Math.round(value.accuracy)
  return metres > 0 ? t('capture.source.accuracy', { source, metres }) : source
}

interface ReadProps {
  readonly icon: 'calendar' | 'place'
  readonly label: string
  readonly text: string
  readonly from: string
  readonly onClick: () => void
}

function Read({ icon, label, text, from, onClick }: ReadProps) {
  return (
    <button type="button" onClick={onClick}>
      <Icon name={icon} />
      <span>
        <span className="sr">{label}: </span>
        {text}
        <span className="from soft">{from}</span>
      </span>
    </button>
  )
}

interface EditSheetProps<T> {
  readonly open: boolean
  readonly onClose: () => void
  readonly value: T
  readonly onDone: (value: T) => void
}

export function DateSheet({ open, onClose, value, onDone }: EditSheetProps<Observed | undefined>): ReactNode {
  return (
    <Sheet open={open} onClose={onClose} title={t('date.title')}>
      <DateEditor value={value} onDone={onDone} />
    </Sheet>
  )
}

export function PlaceSheet({ open, onClose, value, onDone }: EditSheetProps<Place | undefined>): ReactNode {
  return (
    <Sheet open={open} onClose={onClose} title={t('place.title')} description={t('place.text')}>
      <PlaceEditor value={value} onDone={onDone} />
    </Sheet>
  )
}

/** When and where, with who said so; each a tap away from being changed or left out. */
export function WhenWhereRow({ when, where, looking, setWhen, setWhere }: WhenWhere) {
  const [editing, setEditing] = useState<'when' | 'where'>()
  const close = () => setEditing(undefined)
  const place = where.value ? shortPlace(where.value) : t(looking ? 'capture.place.looking' : 'capture.place.none')
  return (
    <div className="read">
      <Read
        icon="calendar"
        label={t('capture.date')}
        text={when.value ? shortDate(when.value) : t('capture.date.none')}
        from={t(when.value && when.from ? FROM[when.from] : 'capture.source.none')}
        onClick={() => setEditing('when')}
      />
      <Read icon="place" label={t('capture.place')} text={place} from={placeFrom(where)} onClick={() => setEditing('where')} />
      <DateSheet
        open={editing === 'when'}
        onClose={close}
        value={when.value}
        onDone={(value) => {
          setWhen(value)
          close()
        }}
      />
      <PlaceSheet
        open={editing === 'where'}
        onClose={close}
        value={where.value}
        onDone={(value) => {
          setWhere(value)
          close()
        }}
      />
    </div>
  )
}
