import type { DexView } from '@biologidex/client/face'
import { describe, expect, it } from 'vitest'
import { OpenDexes } from './open-dexes.ts'

/** An engine that opens dexes when it is told to, and notes which are closed. */
function rig() {
  const closed: string[] = []
  const opened: string[] = []
  const waiting: (() => void)[] = []
  const openDex = (account: string): Promise<DexView> => {
    opened.push(account)
    const view = { account, close: () => void closed.push(account) } as unknown as DexView
    return new Promise((resolve) => waiting.push(() => resolve(view)))
  }
  const go = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const dexes = new OpenDexes({ openDex })
  const open = async (account: string) => {
    const opening = dexes.open(account)
    go()
    return await opening
  }
  return { dexes, open, go, opened, closed }
}

describe('the dexes of others that are open', () => {
  it('stay open for coming back, the last few of them', async () => {
    const { dexes, open, opened, closed } = rig()
    for (const account of ['a', 'b', 'c', 'd']) await open(account)
    await open('a')
    expect(opened).toEqual(['a', 'b', 'c', 'd'])
    await open('e')
    expect(closed).toEqual(['b'])
    expect(dexes.peek('a')).toBeDefined()
    expect(dexes.peek('b')).toBeUndefined()
  })

  it('are read once however many ask', async () => {
    const { dexes, go, opened } = rig()
    const both = Promise.all([dexes.open('a'), dexes.open('a')])
    go()
    const [one, other] = await both
    expect(one).toBe(other)
    expect(opened).toEqual(['a'])
  })

  it('close as soon as they are no longer to be seen', async () => {
    const { dexes, open, closed } = rig()
    for (const account of ['a', 'b']) await open(account)
    expect(dexes.keepOnly((account) => account === 'b')).toEqual(['a'])
    expect(closed).toEqual(['a'])
    expect(dexes.keepOnly(() => true)).toEqual([])
  })

  it('close with the session, one that was being opened too', async () => {
    const { dexes, open, go, closed } = rig()
    await open('a')
    const late = dexes.open('b')
    dexes.close()
    go()
    await expect(late).rejects.toThrow('The session ended')
    expect(closed).toEqual(['a', 'b'])
    expect(dexes.peek('b')).toBeUndefined()
  })
})
