import type { ProfileItem } from '@biologidex/core/accounts/account'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import { currentSetting, resolveSetting } from '../../slices/accounts/profile-drafts.ts'
import { Said } from '../../slices/entries/clash.tsx'
import { difference } from '../../slices/entries/conflicts.ts'
import { say } from '../../ui/toast.ts'
import { carryOut } from '../carry-out.ts'
import { formatInstant } from '../format.ts'
import { t } from '../i18n.tsx'
import { useDex, useEngine } from '../session.tsx'
import { fieldWords, valueWords } from './value-words.ts'

/** A clash in one's own profile (O4): both texts, and a choice that is made in one touch. */
export function ProfileClash({ conflict, profile }: { conflict: ConflictItem; profile: ProfileItem }) {
  const dex = useDex()
  const engine = useEngine()
  const { field, lost, device, at } = conflict
  const words = (value: typeof lost) => valueWords(field, value, dex)
  const [stands, other] = difference(words(currentSetting(profile, field)), words(lost))
  const choose = async (choice: 'stands' | 'lost') => {
    if (await carryOut(() => engine.mutate(resolveSetting(conflict, profile, choice)))) say({ text: t('tray.clash.done') })
  }
  return (
    <article className="card clash">
      <p>{t('tray.clash', { field: fieldWords(field) })}</p>
      <Said
        at="server"
        who={t('tray.clash.profile')}
        text={stands}
        act={t('tray.clash.keep')}
        onUse={() => void choose('stands')}
      />
      <Said
        at="here"
        who={t('tray.clash.device', { device, when: formatInstant(at) })}
        text={other}
        act={t('tray.clash.use')}
        onUse={() => void choose('lost')}
      />
    </article>
  )
}
