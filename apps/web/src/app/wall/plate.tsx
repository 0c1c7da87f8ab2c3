import { type CSSProperties, memo } from 'react'
import { Heart } from '../../ui/heart.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { formatNumber, padNumber } from '../format.ts'
import { t } from '../i18n.tsx'
import { Picture } from '../picture.tsx'
import type { GapCell, PlateCell } from './cells.ts'

function Times({ count }: { count: number }) {
  return (
    <span className="times n">
      <span aria-hidden="true">{t('wall.times', { count })}</span>
      <span className="sr">{t('wall.sightings', { count })}</span>
    </span>
  )
}

/** Name and Latin; an animal without a common name is called by its scientific one, which is not said twice. */
function Names({ cell: { name, latin } }: { cell: PlateCell }) {
  if (!name) return <span className="name soft">{t('wall.unnamed')}</span>
  if (name === latin) return <span className="name sci">{latin}</span>
  return (
    <>
      <span className="name">{name}</span>
      {latin && <span className="sci">{latin}</span>}
    </>
  )
}

/** A plate: picture edge to edge, number, name, Latin, always in this order. */
export const Plate = memo(function Plate(props: {
  dex: string
  cell: PlateCell
  index: number
  open: boolean
  tabbable: boolean
  href: string
  /** False in another's dex: where it stands is no question there. */
  own: boolean
  /** Whether it is chosen, while plates are being chosen. */
  chosen: boolean | undefined
}) {
  const { cell } = props
  const at = cell.picture && { dex: props.dex, rendition: 'wall' as const, ...cell.picture }
  return (
    <a
      className="plate"
      href={props.href}
      data-index={props.index}
      tabIndex={props.tabbable ? 0 : -1}
      aria-current={props.open ? 'true' : undefined}
      role={props.chosen === undefined ? undefined : 'checkbox'}
      aria-checked={props.chosen}
      draggable={false}
    >
      <span className="pic">
        <Picture at={at} thumbhash={cell.picture?.thumbhash} alt="" />
        {cell.sightings !== undefined && <Times count={cell.sightings} />}
        {props.chosen !== undefined && (
          <span className="tick" aria-hidden="true">
            {props.chosen && <Icon name="check" />}
          </span>
        )}
      </span>
      <span className="label">
        <span className="top">
          <span className="no">{formatNumber(cell.number)}</span>
          {cell.favourite && <Heart label={t('wall.favourite')} />}
          {props.own && <SyncMark at={cell.sync} />}
        </span>
        <Names cell={cell} />
      </span>
    </a>
  )
})

/** Numbers not met yet: an outline, or a quiet stack of them. */
export const Gap = memo(function Gap({ cell }: { cell: GapCell }) {
  const count = cell.to - cell.from + 1
  const numbers =
    count === 1 ? formatNumber(cell.from) : t('wall.gap.numbers', { from: padNumber(cell.from), to: padNumber(cell.to) })
  return (
    <div className={count === 1 ? 'gap' : 'gap run'}>
      <span className="no">{numbers}</span>
      <em>{count === 1 ? t('wall.gap') : t('wall.gap.run', { count })}</em>
    </div>
  )
})

/** Where a cell lies on the wall. */
export interface Spot {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const spotStyle = ({ x, y, width, height }: Spot): CSSProperties => ({
  transform: `translate(${x}px, ${y}px)`,
  width,
  height,
})
