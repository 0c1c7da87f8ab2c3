import type { StoredMutation } from '@biologidex/client/ports'
import type { EntryOnScreen } from '@biologidex/core/sync/overlay'
import type { Dex } from '../session-store.ts'

/** The entry that something in the tray is about. `deleted`: it lies in the trash. */
export interface About {
  readonly entry: EntryOnScreen
  readonly deleted: boolean
}

/** The id of the entry that a change is about: of a picture's, as the change says or as the dex has it. */
export function entryOf({ type, id, set }: StoredMutation, { entries }: Pick<Dex, 'entries'>): string | undefined {
  if (type === 'entry') return id
  const said = set?.entry
  if (said && 'to' in said && typeof said.to === 'string') return said.to
  if (type !== 'image') return undefined
  for (const entry of entries.values()) if (entry.images?.some((image) => image.id === id)) return entry.id
  return undefined
}

/** An entry by its id, wherever it lies. */
export function aboutOf(id: string | undefined, { entries, trash }: Pick<Dex, 'entries' | 'trash'>): About | undefined {
  if (id === undefined) return undefined
  const entry = entries.get(id)
  if (entry) return { entry, deleted: false }
  const gone = trash.get(id)
  return gone && { entry: gone.entry, deleted: true }
}
