import type { DexSummary, FriendOnScreen } from '@biologidex/client/face'
import { describe, expect, it } from 'vitest'
import { facesOf } from './faces.ts'

const person = (id: string, displayName: string, state: FriendOnScreen['state'] = 'friends'): [string, FriendOnScreen] => [
  id,
  { type: 'friend', id, username: id, displayName, state, since: 0 },
]
const summary = (account: string): DexSummary => ({ account, entries: 3, news: 1, complete: true })
const names = (...of: Parameters<typeof facesOf>) => facesOf(...of).map((face) => face.person.displayName)

describe('whom one can switch to', () => {
  const friends = new Map([person('1', 'Ben'), person('2', 'Ayla'), person('3', 'Zoé'), person('4', 'Ida', 'asks')])

  it('is friends by name, and nobody who only asks', () => {
    expect(names({ friends }, [], [])).toEqual(['Ayla', 'Ben', 'Zoé'])
  })

  it('is those first whose dex was looked at last', () => {
    expect(names({ friends }, [], ['3', '9', '1'])).toEqual(['Zoé', 'Ben', 'Ayla'])
  })

  it('says what is on this device of each', () => {
    const [ayla, ben] = facesOf({ friends }, [summary('2')], [])
    expect(ayla?.summary).toEqual(summary('2'))
    expect(ben?.summary).toBeUndefined()
  })
})
