import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import { expect, it } from 'vitest'
import { choiceNow } from './choice-now.ts'
import { countOf } from './counts.ts'
import { editOf, fieldsOfEntry } from './edit-form-state.ts'
import { editDraft } from './edits.ts'
import { NO_OUTING } from './outings.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const entry = (more: Partial<EntryOnScreen> = {}): EntryOnScreen => ({
  type: 'entry',
  id: ID,
  publicId: ID,
  visibility: 'friends',
  created: 1,
  updated: 1,
  pending: false,
  ...more,
})

it.each([entry(), entry({ note: 'n', count: 3, captive: true, observed: { at: '2026' }, place: { lat: 1, lon: 2 } })])(
  'changes nothing when nothing was touched',
  (before) => {
    const edit = editOf(fieldsOfEntry(before, { kind: 'unsure' }, NO_OUTING))
    expect(edit && editDraft(before, edit)).toBeUndefined()
    expect(edit).toBeDefined()
  },
)

it('clears what was emptied', () => {
  const before = entry({ note: 'n', count: 3, captive: true, place: { lat: 1, lon: 2 } })
  const fields = {
    ...fieldsOfEntry(before, { kind: 'unsure' }, NO_OUTING),
    note: '',
    count: ' ',
    captive: false,
    place: undefined,
  }
  const edit = editOf(fields)
  expect(edit && Object.values(editDraft(before, edit)?.set ?? {}).map((change) => 'to' in change && change.to)).toEqual([
    null,
    null,
    null,
    null,
  ])
})

it.each(['0', '-1', '1.5', 'two', '1000001', '1e3'])('takes %j for no count, and no edit', (text) => {
  expect(countOf(text)).toBeUndefined()
  expect(editOf({ ...fieldsOfEntry(entry(), { kind: 'unsure' }, NO_OUTING), count: text })).toBeUndefined()
})

it('begins with what is said of the animal', () => {
  const said = { id: ID, at: 1, by: 'M', text: 'wren' }
  expect(choiceNow(entry({ identifications: [said] }), () => undefined)).toEqual({ kind: 'text', text: 'wren' })
  expect(choiceNow(entry({ typedAnimal: { scientificName: 'A b' } }), () => undefined)).toMatchObject({ kind: 'typed' })
  expect(choiceNow(entry(), () => undefined)).toEqual({ kind: 'unsure' })
})
