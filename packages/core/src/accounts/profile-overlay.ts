import type { Mutation } from '../sync/mutation.ts'
import type { ProfileItem } from './account.ts'

type Draft = { -readonly [K in keyof ProfileItem]: ProfileItem[K] }

function setField(draft: Draft, field: string, to: unknown): void {
  if (field === 'displayName' && typeof to === 'string') draft.displayName = to
  if (field === 'bio') {
    if (typeof to === 'string' && to) draft.bio = to
    else delete draft.bio
  }
  if (draft.settings && Object.hasOwn(draft.settings, field)) draft.settings = { ...draft.settings, [field]: to }
}

/** The own profile as its owner's screen shows it: `base` from the owner feed with the pending `changes` over it, in order (O7). */
export function overlayProfile(base: ProfileItem, changes: readonly Mutation[]): ProfileItem {
  const draft: Draft = { ...base }
  for (const change of changes) {
    if (change.type !== 'setting' || change.id !== base.id) continue
    for (const [field, value] of Object.entries(change.set ?? {})) if ('to' in value) setField(draft, field, value.to)
  }
  return draft
}
