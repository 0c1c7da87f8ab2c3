import { type DatePrecision, type Observed } from '@biologidex/core/entries/observed'
import { same } from '@biologidex/core/json'
import { type FormEvent, useState } from 'react'
import { type MessageId, readerLocales, t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Field, TextField } from '../../ui/field.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import { type DateParts, joinParts, partsOf } from './dates.ts'
import { observedNow } from './taken.ts'
import './editors.css'

const PRECISIONS: readonly { readonly precision: DatePrecision; readonly label: MessageId }[] = [
  { precision: 'minute', label: 'date.precision.minute' },
  { precision: 'day', label: 'date.precision.day' },
  { precision: 'month', label: 'date.precision.month' },
  { precision: 'year', label: 'date.precision.year' },
]

const MONTHS = Array.from({ length: 12 }, (_, month) => ({
  value: String(month + 1).padStart(2, '0'),
  name: new Intl.DateTimeFormat(readerLocales(), { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, month)),
}))

interface PartsProps {
  readonly parts: DateParts
  readonly onChange: (change: Partial<DateParts>) => void
  readonly wrong: string | undefined
}

/** A whole day by the browser's own date field, which follows the reader's way of writing dates. */
function DayFields({ parts, onChange, wrong }: PartsProps) {
  const { precision, year, month, day, time } = parts
  const setDay = (value: string) => {
    const [y = '', m = '', d = ''] = value.split('-')
    onChange({ year: y, month: m, day: d })
  }
  return (
    <div className="pair">
      <TextField
        label={t('date.day')}
        type="date"
        value={`${year}-${month}-${day}`}
        onChange={(event) => setDay(event.target.value)}
        {...(wrong ? { wrong } : {})}
      />
      {precision === 'minute' && (
        <TextField
          label={t('date.time')}
          type="time"
          value={time}
          onChange={(event) => onChange({ time: event.target.value.slice(0, 5) })}
        />
      )}
    </div>
  )
}

function MonthFields({ parts, onChange, wrong }: PartsProps) {
  return (
    <div className="pair">
      {parts.precision === 'month' && (
        <Field label={t('date.month')}>
          {(wiring) => (
            <select value={parts.month} onChange={(event) => onChange({ month: event.target.value })} {...wiring}>
              {MONTHS.map(({ value, name }) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <TextField
        label={t('date.year')}
        inputMode="numeric"
        maxLength={4}
        value={parts.year}
        onChange={(event) => onChange({ year: event.target.value })}
        {...(wrong ? { wrong } : {})}
      />
    </div>
  )
}

/** When it was seen, as exactly as the person knows. `onDone` gets the date, or undefined to leave it out. */
export function DateEditor(props: { value: Observed | undefined; onDone: (value: Observed | undefined) => void }) {
  const { value, onDone } = props
  const [begun] = useState(() => partsOf(value, observedNow(new Date())))
  const [parts, setParts] = useState(begun)
  useUnsaved(!same(parts, begun))
  const [wrong, setWrong] = useState<string>()
  const patch = (change: Partial<DateParts>) => {
    setParts((before) => ({ ...before, ...change }))
    setWrong(undefined)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const joined = joinParts(parts, value)
    if (joined) onDone(joined)
    else setWrong(t('date.wrong'))
  }
  const Fields = parts.precision === 'minute' || parts.precision === 'day' ? DayFields : MonthFields
  return (
    <form className="editor" onSubmit={submit} noValidate>
      <fieldset className="chips">
        <legend className="small soft">{t('date.precision')}</legend>
        {PRECISIONS.map(({ precision, label }) => (
          <Chip key={precision} on={parts.precision === precision} onClick={() => patch({ precision })}>
            {t(label)}
          </Chip>
        ))}
      </fieldset>
      <Fields parts={parts} onChange={patch} wrong={wrong} />
      <div className="ends">
        <Button kind="plain" onClick={() => onDone(undefined)}>
          {t('date.leaveOut')}
        </Button>
        <Button onClick={() => onDone(observedNow(new Date()))}>{t('date.now')}</Button>
        <Button type="submit" kind="go">
          {t('date.use')}
        </Button>
      </div>
    </form>
  )
}
