import { betweenFriends } from '../friend-edit.ts'
import { inTurns } from '../pairs.ts'
import type { Row } from '../row.ts'

export const friendsEdit: Row = {
  id: 'I',
  what: "A friend's edit, from their tap to the viewer's screen, both online, beside 100 idle listeners: p95 of 60; beside a bare post written to a stream",
  unit: 'ms',
  target: { words: '< 300 ms', met: (ours) => ours < 300 },
  run: (pairs) => betweenFriends(({ ours, bare }) => inTurns(pairs, ours, bare)),
}
