import { expect, test } from 'vitest'
import { hush, say, takeSayings } from './toast.ts'

test('what was said to somebody goes with them, shown or not; what is for anybody stays', () => {
  const shown = new Set<string>()
  const shower = { show: ({ id }: { id: string }) => void shown.add(id), close: (id: string) => void shown.delete(id) }
  say({ id: 'early', text: 'Kept.' })
  say({ id: 'early, for anybody', text: 'Your new password is set.', forAnybody: true })
  hush()
  const stop = takeSayings(shower)
  say({ id: 'late', text: 'Kept.' })
  say({ id: 'late, for anybody', text: 'Your new password is set.', forAnybody: true })
  hush()
  stop()
  expect([...shown]).toEqual(['early, for anybody', 'late, for anybody'])
})
