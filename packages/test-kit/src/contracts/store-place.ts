import type { LocalStore } from '@biologidex/client/ports'

/** A place that keeps stores of several accounts: a folder, a browser's profile, a piece of memory. */
export interface StorePlace {
  /** True where stores seal what a person made: then no text of theirs may be found at any time. */
  readonly sealed?: boolean
  /** Opens the account's store: anew, or beside others that are open (a second tab or process). */
  open(account: string): Promise<LocalStore>
  /** The files or databases, of any account, in which the text can still be found, in content or name. */
  traces(text: string): Promise<readonly string[]>
  /** Closes what is open and deletes all of the place. */
  remove(): Promise<void>
}

export const ACCOUNT = '11111111-1111-4111-8111-111111111111'
export const OTHER_ACCOUNT = '22222222-2222-4222-8222-222222222222'

/** Closes the store and opens it again: what a program finds when it starts. */
export async function reopened(place: StorePlace, store: LocalStore, account = ACCOUNT): Promise<LocalStore> {
  await store.close()
  return place.open(account)
}
