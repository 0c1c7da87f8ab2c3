import type { EntryRecord } from '@biologidex/core/entries/project'
import { AUDIENCES, project } from '@biologidex/core/entries/project'
import type { ImagePart } from '@biologidex/core/images/image'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePayload, readSyncPayload, type SyncPayload } from './sync-payload.ts'

/** Words that look like what is looked for. */
const words = fc.oneof(
  fc.string(),
  fc.constantFrom(
    ',"images":[{"id":"x","state":"ready"',
    '","favourite":true',
    '"}],"publicId":"y"',
    '\\',
    '","customizations":{',
  ),
)
const image = fc
  .record({
    id: fc.uuid(),
    state: fc.constantFrom('ready', 'waiting', 'failed'),
    position: fc.constant(0),
    alt: fc.option(words),
  })
  .map((part) => part as unknown as ImagePart)

const entry = fc
  .record({
    id: fc.uuid(),
    publicId: fc.uuid(),
    animal: fc.option(fc.uuid()),
    observed: fc.option(fc.constantFrom({ at: '2026' }, { at: '2026-09-14T07:10', zone: -90 }, { at: '2026-09-14' })),
    place: fc.option(words.map((name) => ({ lat: 1, lon: 2, name, region: name }))),
    note: fc.option(words),
    privateNote: fc.option(words),
    favourite: fc.constantFrom(true, false),
    captive: fc.constantFrom(true, false),
    count: fc.option(fc.constantFrom(1, 20)),
    customizations: fc.option(fc.record({ images: fc.jsonValue(), favourite: fc.jsonValue(), publicId: words })),
    images: fc.uniqueArray(image, { maxLength: 3, selector: ({ id }) => id }),
    chosen: fc.constantFrom(undefined, 0, 1, 2),
  })
  .map(({ chosen, ...fields }) => ({
    ...{ area: null, outing: null, identifications: [], visibility: 'public', created: 1, updated: 2, deleted: false },
    ...fields,
    primaryImage: chosen === undefined ? null : (fields.images[chosen]?.id ?? null),
  }))

const said = (payload: SyncPayload) => {
  const { id, publicId, animal, observed, favourite = false, png } = payload
  return { id, publicId, animal, observed, favourite, png }
}

test('what is picked out of a payload is what parsing all of it says, whatever people wrote', () => {
  fc.assert(
    fc.property(entry, fc.constantFrom(...AUDIENCES), (fields, audience) => {
      const payload = project(fields as unknown as EntryRecord, audience, { friends: 'exact', public: 'exact' })
      if (!payload) return
      const text = JSON.stringify(payload)
      expect(said(readSyncPayload(text))).toEqual(said(parsePayload(text)))
    }),
    { numRuns: 1_000 },
  )
})
