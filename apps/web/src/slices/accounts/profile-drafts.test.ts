import { DEFAULT_SETTINGS, type ProfileItem } from '@biologidex/core/accounts/account'
import type { ConflictItem } from '@biologidex/core/entries/entry'
import { expect, test } from 'vitest'
import { currentSetting, resolveSetting, settingDrafts } from './profile-drafts.ts'

const profile: ProfileItem = { type: 'profile', id: 'me', username: 'ada', displayName: 'Ada', settings: DEFAULT_SETTINGS }
const clash: ConflictItem = {
  type: 'conflict',
  id: 'c',
  entry: 'me',
  field: 'displayName',
  lost: 'Countess',
  stands: 'Ada',
  device: 'a phone',
  at: 1,
}
const settled = { type: 'conflict', id: 'c', op: 'delete' }

test('only what was really changed is sent, with what was seen when it was begun', () => {
  expect(settingDrafts('me', { displayName: { was: 'Ada', to: 'Ada' }, bio: { was: null, to: '' } })).toEqual([])
  expect(settingDrafts('me', { displayName: { was: 'Ada', to: 'A.' }, bio: { was: null, to: '' } })).toEqual([
    { type: 'setting', id: 'me', op: 'update', set: { displayName: { was: 'Ada', to: 'A.' } } },
  ])
})

test('O4: a clash goes by either choice; the lost text is taken over what the profile says now', () => {
  const now = { ...profile, displayName: 'Ada, renamed since' }
  expect(resolveSetting(clash, now, 'stands')).toEqual([settled])
  expect(resolveSetting(clash, now, 'lost')).toEqual([
    {
      type: 'setting',
      id: 'me',
      op: 'update',
      set: { displayName: { was: 'Ada, renamed since', to: 'Countess' } },
    },
    settled,
  ])
  expect(resolveSetting(clash, { ...profile, displayName: 'Countess' }, 'lost')).toEqual([settled])
})

test('what a profile says of each of its fields', () => {
  expect(['displayName', 'bio', 'visibility', 'later'].map((field) => currentSetting(profile, field))).toEqual([
    'Ada',
    null,
    'friends',
    null,
  ])
})
