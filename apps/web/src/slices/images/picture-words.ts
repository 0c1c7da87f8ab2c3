import type { StoredUpload } from '@biologidex/client/ports'
import { ERRORS, type ErrorCode } from '@biologidex/core/errors'
import type { ImagePart } from '@biologidex/core/images/image'
import { t } from '../../app/i18n.tsx'
import type { SyncPlace } from '../../ui/sync-mark.tsx'

interface PictureWords {
  readonly at: SyncPlace
  readonly text: string
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)
const reasonOf = (code: string | undefined): string => ERRORS[code && isCode(code) ? code : 'picture_damaged'][1]

/** How far a picture has come, in words; undefined when it is on the server and can be shown. */
export function pictureWords(image: ImagePart, upload: Pick<StoredUpload, 'failed'> | undefined): PictureWords | undefined {
  if (upload?.failed) return { at: 'needs', text: t('images.aside', { reason: upload.failed.message }) }
  if (image.state === 'failed') return { at: 'server', text: t('images.failed', { reason: reasonOf(image.reason) }) }
  if (image.state === 'processing') return { at: 'server', text: t('images.preparing') }
  return image.state === 'waiting' ? { at: 'here', text: t('images.here') } : undefined
}

/** A chosen file that was not taken, and why, in words. */
export interface NotTaken {
  readonly name: string
  readonly why: string
}

/** A sentence for each reason why files were not taken; which ones, where more than one was chosen. */
export function notTakenWords(refused: readonly NotTaken[], chosen: number): string[] {
  const byReason = Map.groupBy(refused, ({ why }) => why)
  return [...byReason].map(([why, files]) => {
    if (chosen === 1) return why
    return t('images.notTaken', { names: files.map(({ name }) => name).join(', '), reason: why })
  })
}
