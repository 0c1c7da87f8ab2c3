import type { PlannedRow } from '@biologidex/client/old-data'
import { FATES, type Fate } from '@biologidex/core/exchange/import-plan'
import { useState } from 'react'
import { formatCount } from '../../app/format.ts'
import { type MessageId, t } from '../../app/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

const AT_FIRST = 30
const AND_THEN = 300

/** Fates of which the reason is the same for every record. */
const SAID: ReadonlySet<Fate> = new Set(['deleted', 'twice', 'other'])

function Row({ row }: { row: PlannedRow }) {
  const { label, latin, notes, code, fate } = row
  const said = fate === 'bad' && code ? [code] : notes
  return (
    <li>
      <p>
        <b className={label.name ? 'name' : undefined}>{label.name ?? t('import.row', { place: label.place })}</b>
        {latin && <i className="sci soft"> {latin}</i>}
      </p>
      {said.map((one) => (
        <p key={one} className="small soft" data-code={one}>
          {t(`import.code.${one}`)}
        </p>
      ))}
    </li>
  )
}

function Group(props: { fate: Fate; rows: readonly PlannedRow[]; title: MessageId; open: boolean }) {
  const { fate, rows, title, open } = props
  const [many, setMany] = useState(AT_FIRST)
  const left = Math.min(AND_THEN, rows.length - many)
  return (
    <details className="import-group" data-fate={fate} open={open}>
      <summary>
        <Icon name="down" small className="turn" />
        <span>{t(title)}</span>
        <b className="count">{formatCount(rows.length)}</b>
      </summary>
      {SAID.has(fate) && <p className="small soft">{t(`import.code.${rows[0]?.code ?? 'here'}`)}</p>}
      <ul>
        {rows.slice(0, many).map((row, i) => (
          <Row key={`${row.dex} ${i}`} row={row} />
        ))}
      </ul>
      {left > 0 && <Button onClick={() => setMany(many + AND_THEN)}>{t('import.more', { shown: formatCount(left) })}</Button>}
    </details>
  )
}

/** Every record under what becomes of it; long groups show more when asked. @param done it has been carried out */
export function ImportRows({ rows, done = false }: { rows: readonly PlannedRow[]; done?: boolean }) {
  const title = (fate: Fate): MessageId =>
    done && (fate === 'new' || fate === 'picture') ? `import.fate.${fate}.done` : `import.fate.${fate}`
  const groups = FATES.map((fate) => ({ fate, those: rows.filter((row) => row.fate === fate) })).filter(
    ({ those }) => those.length > 0,
  )
  return (
    <div className="card import-rows">
      {groups.map(({ fate, those }) => (
        <Group key={fate} fate={fate} rows={those} title={title(fate)} open={fate === 'new' || fate === 'bad'} />
      ))}
    </div>
  )
}
