import { rememberedSort } from '../remembered.ts'
import { searchOf, viewOf, type WallSearch } from './wall-address.ts'

const [sort = '', direction] = rememberedSort()?.split(',') ?? []

/** Each dex begins in the order of last time. */
const BEGINNING: WallSearch = searchOf(viewOf({ sort, reverse: direction === 'reverse' ? 'yes' : '' }))

/** How the wall of each dex was shown last, by the name in its address; the own one under none. */
const last = new Map<string | undefined, WallSearch>()

/** What a way to a wall leads to that says nothing of filters and order: the wall as it was left. */
export const lastWallOf = (username: string | undefined): WallSearch => last.get(username) ?? BEGINNING

export function rememberWall(username: string | undefined, search: WallSearch): void {
  last.set(username, search)
}
