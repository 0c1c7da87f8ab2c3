import type { SourceCode } from '@biologidex/core/exchange/import-codes'
import { type ReactNode, useRef } from 'react'
import { t } from '../../app/i18n.tsx'
import { useDropped } from '../../app/use-dropped.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type ChosenFile, filesOfDrop, filesOfField } from './chosen-files.ts'

type OnChoose = (files: readonly ChosenFile[] | Promise<readonly ChosenFile[]>) => void

/** A hidden field and the button that opens it. @param folder a whole folder is chosen, with all that lies in it */
function Pick(props: { name: string; folder?: boolean; onChoose: OnChoose; children: ReactNode }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={(field) => {
          input.current = field
          // Not among the attributes that React knows.
          if (field) field.webkitdirectory = props.folder ?? false
        }}
        type="file"
        name={props.name}
        multiple
        hidden
        onChange={({ target }) => {
          const files = filesOfField(target.files ?? [])
          target.value = ''
          if (files.length > 0) props.onChoose(files)
        }}
      />
      <Button onClick={() => input.current?.click()}>{props.children}</Button>
    </>
  )
}

/** Dropping or choosing an older client's data, and why the last choice was not taken. */
export function ImportChoose({ refused, onChoose }: { refused: SourceCode | 'failed' | undefined; onChoose: OnChoose }) {
  const over = useDropped((data) => onChoose(filesOfDrop(data)))
  return (
    <section className={over ? 'import-drop over' : 'import-drop'}>
      <Icon name="tray" className="import-art" />
      <h2>{over ? t('import.drop.now') : <ChooseTitle />}</h2>
      <p className="soft">{t('import.choose.text')}</p>
      <div className="import-ways">
        <Pick name="old-folder" folder onChoose={onChoose}>
          {t('import.choose.folder')}
        </Pick>
        <Pick name="old-files" onChoose={onChoose}>
          {t('import.choose.files')}
        </Pick>
      </div>
      {refused && (
        <p className="import-wrong" role="alert">
          <Icon name="warning" small />
          <span>{refused === 'failed' ? t('import.failed') : t(`import.source.${refused}`)}</span>
        </p>
      )}
    </section>
  )
}

/** Where nothing can be dropped, as on a phone, it is not asked for. */
function ChooseTitle() {
  return (
    <>
      <span className="by-hand">{t('import.choose.title')}</span>
      <span className="by-drop">{t('import.drop.title')}</span>
    </>
  )
}
