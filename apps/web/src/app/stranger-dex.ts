import type { DexView, StrangerView } from '@biologidex/client/face'

/** What strangers show nothing of. */
const nothing = <T>(): ReadonlyMap<string, T> => new Map<string, T>()

/** A stranger's public entries as the screens read any dex: there is nothing in it but entries. */
export function dexOfStranger(view: StrangerView): DexView {
  return {
    account: view.account,
    trash: nothing(),
    outings: nothing(),
    conflicts: nothing(),
    get entries() {
      return view.entries
    },
    get profile() {
      return view.profile
    },
    get complete() {
      return view.complete
    },
    animal: (id) => view.animal(id),
    changesOf: () => [],
    subscribe: (listener) => view.subscribe(listener),
    close: () => view.close(),
  }
}
