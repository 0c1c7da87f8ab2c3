import type { IucnCategory } from '@biologidex/core/animals/animal'
import { type MessageId, t } from '../app/i18n.tsx'

const WORDS: Record<IucnCategory, MessageId> = {
  LC: 'iucn.LC',
  NT: 'iucn.NT',
  VU: 'iucn.VU',
  EN: 'iucn.EN',
  CR: 'iucn.CR',
  EW: 'iucn.EW',
  EX: 'iucn.EX',
  DD: 'iucn.DD',
}

/** The IUCN's own letters and colour, always with the words beside. */
export function IucnBadge({ category }: { category: IucnCategory }) {
  return (
    <span className={`iucn ${category.toLowerCase()}`}>
      <span className="sr">{t('iucn.label')}</span>
      <b>{category}</b>
      {t(WORDS[category])}
    </span>
  )
}
