import { canonical } from '@biologidex/core/json'

/** One case of a contract: a plain function, so that it runs under a test runner and inside a page alike. */
export type Cases<Place> = Readonly<Record<string, (place: Place) => Promise<void>>>

const shown = (value: unknown): string => {
  const text = canonical(value)
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text
}

/** Throws unless both are the same as JSON; members that are undefined count as absent. */
export function agree(actual: unknown, expected: unknown, what = 'values'): void {
  if (canonical(actual) === canonical(expected)) return
  throw new Error(`${what} differ\n  expected ${shown(expected)}\n  actual   ${shown(actual)}`)
}

/** Throws unless the promise rejects; returns what it rejected with. */
export async function refused(promise: Promise<unknown>, what: string): Promise<Error> {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (reason instanceof Error) return reason
  throw new Error(`${what} should have been refused with an Error`)
}

/** Throws unless the promise rejects with an error of this class. */
export async function refusedWith(promise: Promise<unknown>, kind: { readonly name: string }, what: string): Promise<void> {
  const { name } = await refused(promise, what)
  agree(name, kind.name, `the reason why ${what} was refused`)
}
