import { readFirstWall } from './first-wall.ts'
import { leavingPlace, rememberedPlace } from './remembered.ts'

const place = leavingPlace() ? undefined : rememberedPlace()

/**
 * The stored first wall of the account that was here last. This module is a script of its own in the page: the browser asks its
 * storage while the rest of the app is still being loaded.
 */
export const early = place === undefined ? undefined : { place, wall: readFirstWall(place) }
