import { expect, test } from 'vitest'
import type { Mutation } from '../sync/mutation.ts'
import { DEFAULT_SETTINGS, type ProfileItem } from './account.ts'
import { overlayProfile } from './profile-overlay.ts'

const base: ProfileItem = {
  type: 'profile',
  id: 'me',
  username: 'ada',
  displayName: 'Ada',
  bio: 'Ponds.',
  friendCode: 'ABCDEFGH',
  settings: DEFAULT_SETTINGS,
}
const setting = (set: Mutation['set'], rest: Partial<Mutation> = {}): Mutation => {
  return { n: 1, type: 'setting', id: 'me', op: 'update', ...(set ? { set } : {}), ...rest }
}

test('O7: pending settings lie over the profile, in order, and leave the base as it was', () => {
  const changes = [
    setting({ displayName: { was: 'Ada', to: 'Ada L.' }, bio: { was: 'Ponds.', to: null } }),
    setting({ displayName: { was: 'Ada L.', to: 'Countess' }, visibility: { was: 'friends', to: 'private' } }),
  ]
  const { bio: _, ...rest } = base
  expect(overlayProfile(base, changes)).toEqual({
    ...rest,
    displayName: 'Countess',
    settings: { ...DEFAULT_SETTINGS, visibility: 'private' },
  })
  expect(base.bio).toBe('Ponds.')
})

test('nothing but one’s own settings changes a profile', () => {
  const others = [
    setting({ displayName: { to: 'Else' } }, { id: 'somebody' }),
    setting({ note: { to: 'x' } }, { type: 'entry' }),
    setting({ username: { to: 'other' }, friendCode: { to: 'X' } }),
    setting(undefined),
  ]
  expect(overlayProfile(base, others)).toEqual(base)
  expect(overlayProfile({ ...base, settings: undefined }, [setting({ visibility: { to: 'public' } })]).settings).toBeUndefined()
})
