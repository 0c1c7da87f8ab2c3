import { readFirstWall } from './first-wall.ts'
import { leavingAccount, rememberedAccount } from './remembered.ts'

const account = leavingAccount() ? undefined : rememberedAccount()

/**
 * The stored first wall of the account that was here last. This module is a script of its own in the page: the browser asks its
 * storage while the rest of the app is still being loaded.
 */
export const early = account === undefined ? undefined : { account, wall: readFirstWall(account) }
