import { commonName } from '@biologidex/core/animals/common-name'
import { primaryOf } from '@biologidex/core/images/primary'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { Link } from '@tanstack/react-router'
import { formatNumber } from '../format.ts'
import { readerLanguage, t } from '../i18n.tsx'
import { Picture } from '../picture.tsx'
import { useDex } from '../session.tsx'

/** Which entry something is about: its picture, number and names; leads to it, unless it lies in the trash. */
export function EntryHead({ entry, deleted = false }: { entry: EntryOnScreen; deleted?: boolean }) {
  const dex = useDex()
  const animal = entry.animal ? dex.animal(entry.animal) : undefined
  const image = primaryOf(entry.images, entry.primaryImage)
  const sha256 = image?.renditions?.wall?.sha256
  const at = image && {
    dex: dex.account,
    entry: entry.id,
    image: image.id,
    rendition: 'wall' as const,
    ...(sha256 ? { sha256 } : {}),
  }
  const latin = animal?.scientificName ?? entry.typedAnimal?.scientificName
  const name = (animal ? commonName(animal, readerLanguage()) : entry.typedAnimal?.commonName) ?? latin ?? t('wall.unnamed')
  const head = (
    <header>
      <Picture at={at} thumbhash={image?.thumbhash} alt="" />
      <div>
        <span className="no">{formatNumber(animal?.number)}</span>
        <h2 className="name">
          {name} {latin && latin !== name && <span className="sci soft small">{latin}</span>}
        </h2>
      </div>
    </header>
  )
  if (deleted) return head
  return (
    <Link to="/entry/$id" params={{ id: entry.id }}>
      {head}
    </Link>
  )
}
