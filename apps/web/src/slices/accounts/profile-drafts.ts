import type { Draft } from '@biologidex/client/face'
import type { ProfileItem } from '@biologidex/core/accounts/account'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import type { Json } from '@biologidex/core/json'
import type { SettingField } from '@biologidex/core/sync/mutation'

/** A field as it was when the person began to change it, and as they want it. */
export interface Edit {
  readonly was: Json
  readonly to: Json
}
export type Edits = Partial<Record<SettingField, Edit>>

const isNew = ({ was, to }: Edit): boolean => (was ?? '') !== (to ?? '')

/** The change that says what was edited; none when everything is as it was. */
export function settingDrafts(account: string, edits: Edits): Draft[] {
  const set = Object.fromEntries(Object.entries(edits).filter(([, edit]) => isNew(edit)))
  return Object.keys(set).length > 0 ? [{ type: 'setting', id: account, op: 'update', set }] : []
}

/** What a field of the profile is now. */
export function currentSetting(profile: ProfileItem, field: string): Json {
  if (field === 'displayName') return profile.displayName
  if (field === 'bio') return profile.bio ?? null
  const settings: Readonly<Record<string, Json>> = profile.settings ?? {}
  return settings[field] ?? null
}

/** Carries out the choice of a clash in the profile (O4): it goes, and the lost value is taken if that was wanted. */
export function resolveSetting(conflict: ConflictItem, profile: ProfileItem, choice: 'stands' | 'lost'): Draft[] {
  const { id, field, lost } = conflict
  const edit = { was: currentSetting(profile, field), to: lost }
  const changes = choice === 'lost' ? settingDrafts(profile.id, { [field]: edit }) : []
  return [...changes, { type: 'conflict', id, op: 'delete' }]
}
