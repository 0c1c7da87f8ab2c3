import { type ImagePart, primaryOf } from '@biologidex/core/images/image'
import { LIMITS } from '@biologidex/core/limits'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../app/i18n.tsx'
import { Picture } from '../../app/picture.tsx'
import { useAccount } from '../../app/session.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { TextField } from '../../ui/field.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { LeaveButton, Sheet } from '../../ui/sheet.tsx'
import { SyncMark } from '../../ui/sync-mark.tsx'
import { pictureAt } from './entry-thumb.tsx'
import { usePickFiles } from './pick-files.tsx'
import { RemovedPictures } from './removed-list.tsx'
import { type DragOrder, useDragOrder } from './use-drag-order.ts'
import { type PictureWork, usePictures } from './use-pictures.ts'
import './pictures.css'

interface RowProps {
  readonly entry: EntryOnScreen
  readonly image: ImagePart
  /** Counted from 1. */
  readonly n: number
  readonly main: boolean
  readonly work: PictureWork
  /** Lets the person choose what comes in a picture's place. */
  readonly replace: (image: ImagePart) => void
  readonly order: DragOrder
}

function Act(props: { icon: IconName; label: string; off?: boolean; pressed?: boolean; onClick: () => void }) {
  const { icon, label, off = false, pressed, onClick } = props
  return (
    <Button
      shape="square"
      kind="plain"
      aria-label={label}
      title={label}
      {...(off ? { 'aria-disabled': true } : {})}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      onClick={off ? undefined : onClick}
    >
      <Icon name={icon} />
    </Button>
  )
}

/** Written when the person is done with the field, or the field goes: a description in the making is nobody's yet. */
function Description({ image, n, work }: Pick<RowProps, 'image' | 'n' | 'work'>) {
  const [text, setText] = useState(image.alt ?? '')
  const written = useRef(text)
  const write = async () => {
    const before = written.current
    if (before === text) return
    written.current = text
    // What could not be stored is tried again when the field is left again.
    if (!(await work.describe(image, text)) && written.current === text) written.current = before
  }
  const latest = useRef(write)
  useEffect(() => {
    latest.current = write
  })
  // Escape takes the field away without leaving it first.
  useEffect(() => () => void latest.current(), [])
  return (
    <div data-saved={text === (image.alt ?? '')}>
      <TextField
        label={t('images.alt', { n })}
        hint={t('images.alt.hint')}
        value={text}
        maxLength={LIMITS.nameChars}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => void write()}
      />
    </div>
  )
}

function RowActs({ entry, image, n, main, work, replace }: Omit<RowProps, 'order'>) {
  const count = entry.images?.length ?? 1
  return (
    <div className="acts">
      <Act icon="star" label={t('images.use', { n })} pressed={main} off={main} onClick={() => void work.makePrimary(image)} />
      <Act icon="up" label={t('images.earlier', { n })} off={n === 1} onClick={() => void work.move(image, n - 2)} />
      <Act icon="down" label={t('images.later', { n })} off={n === count} onClick={() => void work.move(image, n)} />
      <Act icon="swap" label={t('images.replace', { n })} onClick={() => replace(image)} />
      <Act icon="trash" label={t('images.remove', { n })} onClick={() => void work.remove(image)} />
    </div>
  )
}

function Row({ order, ...row }: RowProps) {
  const { entry, image, n, main, work } = row
  const dex = useAccount()
  const [describing, setDescribing] = useState(false)
  const { className, style } = order.look(n - 1)
  return (
    <li className={classes('picture-row', main && 'is-main', className)} style={style}>
      <span className="handle" title={t('images.drag')} {...order.handle(n - 1)}>
        <Picture
          at={pictureAt(dex, entry.id, image, 'wall')}
          thumbhash={image.thumbhash}
          alt={image.alt ?? t('images.place', { n, count: entry.images?.length ?? 1 })}
        />
        <Icon name="grip" />
      </span>
      <div className="about">
        <p className="line">
          <span className="small">
            {main ? <b>{t('images.main')}</b> : t('images.at', { n, count: entry.images?.length ?? 1 })}
          </span>
          {image.state === 'waiting' && <SyncMark at="here" />}
          <Button
            kind="plain"
            className="describe"
            aria-expanded={describing}
            aria-label={t('images.describe.of', { n })}
            onClick={() => setDescribing(!describing)}
          >
            {t('images.describe')}
          </Button>
        </p>
        <RowActs {...row} />
      </div>
      {describing && <Description image={image} n={n} work={work} />}
    </li>
  )
}

function Rows({ entry, work, replace }: Pick<RowProps, 'entry' | 'work' | 'replace'>) {
  const images = entry.images ?? []
  const main = primaryOf(images, entry.primaryImage)
  const order = useDragOrder((from, to) => {
    const image = images[from]
    if (image) void work.move(image, to)
  })
  if (images.length === 0) return null
  return (
    <ul className="picture-rows" ref={order.list}>
      {images.map((image, i) => (
        <Row key={image.id} {...{ entry, image, work, order, replace }} n={i + 1} main={image.id === main?.id} />
      ))}
    </ul>
  )
}

/** What is being read, what went wrong, what can be taken back. */
function Words({ work: { reading, wrong, undo } }: { work: PictureWork }) {
  return (
    <>
      {reading && (
        <p className="small soft" role="status">
          {reading}
        </p>
      )}
      {wrong && (
        <p className="wrong-line" role="alert">
          <Icon name="warning" small />
          {wrong}
        </p>
      )}
      {undo && (
        <p className="undo-line">
          {undo.text}
          <Button kind="plain" onClick={undo.run}>
            {t('ui.undo')}
          </Button>
        </p>
      )}
    </>
  )
}

/** One field for all pictures: one in its row would go with it, and what is chosen with it, when another device removes the picture meanwhile. */
function useReplacing(work: PictureWork) {
  const old = useRef<ImagePart>(undefined)
  const { field, open } = usePickFiles('replace-picture', false, ([file]) => {
    if (file && old.current) void work.replace(old.current, file)
  })
  const replace = (image: ImagePart) => {
    old.current = image
    open()
  }
  return { field, replace }
}

/** All pictures of an entry: added, replaced, put in order, described, removed; each at once, on this device, network or not. */
export function PicturesSheet({ entry, open, onClose }: { entry: EntryOnScreen; open: boolean; onClose: () => void }) {
  const work = usePictures(entry)
  const adding = usePickFiles('add-pictures', true, (files) => void work.add(files))
  const replacing = useReplacing(work)
  const none = (entry.images ?? []).length === 0
  const close = () => {
    work.leave()
    onClose()
  }
  return (
    <Sheet open={open} onClose={close} title={t('images.edit')} description={t(none ? 'images.none' : 'images.edit.text')}>
      {adding.field}
      {replacing.field}
      <Rows entry={entry} work={work} replace={replacing.replace} />
      <Words work={work} />
      <RemovedPictures entry={entry} onBack={(image) => void work.bringBack(image)} />
      <div className="ends pictures-ends">
        <LeaveButton>{t('ui.close')}</LeaveButton>
        <Button kind="go" onClick={adding.open} disabled={work.reading !== undefined}>
          <Icon name="add" />
          {t('images.add')}
        </Button>
      </div>
    </Sheet>
  )
}
