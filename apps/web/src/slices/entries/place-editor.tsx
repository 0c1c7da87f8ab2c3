import type { Place } from '@biologidex/core/entries/place'
import { same } from '@biologidex/core/json'
import { type FormEvent, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import { locate } from './locate.ts'
import { fieldsOf, isLatitude, isLongitude, type PlaceFields, placeOf } from './places.ts'
import './editors.css'

type Looking = 'no' | 'yes' | 'failed'

/** "Use where I am now", and what became of it. */
function HereButton({ onFound }: { onFound: (place: Place) => void }) {
  const [looking, setLooking] = useState<Looking>('no')
  const look = async () => {
    setLooking('yes')
    const place = await locate()
    setLooking(place ? 'no' : 'failed')
    if (place) onFound(place)
  }
  return (
    <>
      <Button onClick={() => void look()} disabled={looking === 'yes'}>
        <Icon name="place" />
        {t(looking === 'yes' ? 'place.here.looking' : 'place.here')}
      </Button>
      <p className="small soft" role="status">
        {looking === 'failed' ? t('place.here.failed') : ''}
      </p>
    </>
  )
}

/** Where it was seen. `onDone` gets the place, or undefined to leave it out. */
export function PlaceEditor(props: { value: Place | undefined; onDone: (value: Place | undefined) => void }) {
  const { value, onDone } = props
  const [begun] = useState(() => fieldsOf(value))
  const [fields, setFields] = useState(begun)
  useUnsaved(!same(fields, begun))
  /** The place whose measurements the fields began with: the entry's, or the one this device has just found. */
  const [measured, setMeasured] = useState(value)
  const [tried, setTried] = useState(false)
  const patch = (change: Partial<PlaceFields>) => setFields((before) => ({ ...before, ...change }))
  const found = (place: Place) => {
    setMeasured(place)
    patch({ lat: String(place.lat), lon: String(place.lon) })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const place = placeOf(fields, measured)
    if (place) onDone(place)
    else setTried(true)
  }
  const wrongLat = tried && !isLatitude(fields.lat) ? { wrong: t('place.lat.wrong') } : {}
  const wrongLon = tried && !isLongitude(fields.lon) ? { wrong: t('place.lon.wrong') } : {}
  const input = { inputMode: 'text', autoComplete: 'off' } as const
  return (
    <form className="editor" onSubmit={submit} noValidate>
      <HereButton onFound={found} />
      <div className="pair">
        <TextField
          label={t('place.lat')}
          value={fields.lat}
          onChange={(event) => patch({ lat: event.target.value })}
          {...input}
          {...wrongLat}
        />
        <TextField
          label={t('place.lon')}
          value={fields.lon}
          onChange={(event) => patch({ lon: event.target.value })}
          {...input}
          {...wrongLon}
        />
      </div>
      <TextField
        label={t('place.name')}
        value={fields.name}
        maxLength={200}
        onChange={(event) => patch({ name: event.target.value })}
      />
      <div className="ends">
        <Button kind="plain" onClick={() => onDone(undefined)}>
          {t('place.leaveOut')}
        </Button>
        <Button type="submit" kind="go">
          {t('place.use')}
        </Button>
      </div>
    </form>
  )
}
