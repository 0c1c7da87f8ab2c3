import { expect, test } from 'vitest'
import { OpenStreams } from './open-streams.ts'

/** Streams that end as those of events do: by counting themselves out. */
function opened(most: number) {
  const streams = new OpenStreams(most)
  const ended: string[] = []
  const open = (session: string, name: string) => {
    const countOut = streams.add(session, () => {
      ended.push(name)
      countOut()
    })
    return countOut
  }
  return { open, ended }
}

test('of too many streams of a session the oldest ends, each time (N3)', () => {
  const { open, ended } = opened(2)
  for (const name of ['a', 'b', 'c', 'd']) open('mara', name)
  expect(ended).toEqual(['a', 'b'])
})

test('a stream that ended makes room for another, and sessions do not count for each other', () => {
  const { open, ended } = opened(2)
  open('mara', 'a')
  for (let n = 0; n < 5; n += 1) open('mara', `briefly ${n}`)()
  open('jonas', 'b')
  open('jonas', 'c')
  open('mara', 'd')
  expect(ended).toEqual([])
  open('mara', 'e')
  expect(ended).toEqual(['a'])
})

test('ending twice counts once, also when the session has begun anew', () => {
  const { open, ended } = opened(1)
  const first = open('mara', 'a')
  first()
  open('mara', 'b')
  first()
  open('mara', 'c')
  expect(ended).toEqual(['b'])
})
