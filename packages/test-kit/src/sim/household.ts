import type { SimDevice } from './device.ts'
import { Ledger } from './ledger.ts'
import { Watch } from './watch.ts'

/** One account: its devices, what its person did on them, and who looks on. */
export class Household {
  readonly account: string
  readonly devices: SimDevice[] = []
  readonly ledger = new Ledger()
  readonly watch = new Watch(this.ledger)
  /** Whether its person deletes it: from `asked` on nobody knows, until the server has said so. */
  deletion: 'no' | 'asked' | 'done' = 'no'

  constructor(account: string) {
    this.account = account
  }
}
