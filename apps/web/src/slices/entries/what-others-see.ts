import type { Settings } from '@biologidex/core/accounts/account'
import { isVulnerable } from '@biologidex/core/animals/animal'
import type { PlacePrecision } from '@biologidex/core/entries/place'
import { precisionFor } from '@biologidex/core/entries/project'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'

/** How finely the others who may see an entry see where and when it was. */
export interface SeenByOthers {
  readonly friends?: PlacePrecision
  readonly public?: PlacePrecision
  /** True when the owner's settings would show it more exactly than the species allows. */
  readonly guarded: boolean
}

/** What others see of an entry's place by its owner's settings; nobody is named who does not see the entry at all. */
export function seenByOthers(
  entry: Pick<EntryOnScreen, 'visibility'>,
  settings: Settings,
  iucn: string | undefined,
): SeenByOthers {
  const places = { friends: settings.friendsPrecision, public: settings.publicPrecision }
  if (entry.visibility === 'private') return { guarded: false }
  const friends = precisionFor('friends', places, iucn)
  const guarded = isVulnerable(iucn) && precisionFor('friends', places, undefined) === 'exact'
  if (entry.visibility === 'friends') return { friends, guarded }
  return { friends, public: precisionFor('public', places, iucn), guarded }
}
