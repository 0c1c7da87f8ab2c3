import { accountCases } from './local-store-account.ts'
import { feedCases } from './local-store-feeds.ts'
import { storeModel } from './local-store-model.ts'
import type { StorePlace } from './store-place.ts'

/** A test runner's `test`, or anything like it. */
export type Test = (name: string, run: () => Promise<void>) => void

/**
 * The contract of every LocalStore. `make` gives a new, empty place; `runs` is how many random sequences are compared
 * with the memory store.
 */
export function localStoreContract(name: string, make: () => Promise<StorePlace>, test: Test, runs = 20): void {
  for (const [title, run] of Object.entries({ ...accountCases, ...feedCases })) {
    test(`${name}: ${title}`, async () => {
      const place = await make()
      try {
        await run(place)
      } finally {
        await place.remove()
      }
    })
  }
  test(`${name}: any sequence of writes leaves what it leaves in memory`, () => storeModel(make, runs))
}
