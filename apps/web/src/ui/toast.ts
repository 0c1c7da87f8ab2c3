export interface ToastInput {
  readonly text: string
  /** One thing to do about it, an undo mostly. The toast goes when it is done. */
  readonly action?: { readonly label: string; readonly run: () => void }
  /** A toast with the same id is replaced, not repeated. */
  readonly id?: string
  /** Stays until it is closed. */
  readonly stays?: boolean
  /** Of nobody's dex: it is not taken back when whoever was here has gone. */
  readonly forAnybody?: boolean
}

/** A toast on its way to the screen. */
export interface Saying extends ToastInput {
  readonly id: string
}

/** Where toasts are shown. */
export interface Shower {
  readonly show: (saying: Saying) => void
  /** Takes one off the screen, if it is there. */
  readonly close: (id: string) => void
}

let waiting: readonly Saying[] = []
/** What was said to whoever is here. */
const personal = new Set<string>()
let shower: Shower | undefined
let count = 0

/** Says something in passing: on screen, and to screen readers when they pause. From anywhere, components or not. */
export function say(input: ToastInput): void {
  const saying = { ...input, id: input.id ?? `toast-${++count}` }
  if (!input.forAnybody) personal.add(saying.id)
  if (shower) shower.show(saying)
  else waiting = [...waiting, saying]
}

/** Takes back all that was said: it was for somebody who is no longer here. */
export function hush(): void {
  waiting = waiting.filter(({ forAnybody }) => forAnybody)
  for (const id of personal) shower?.close(id)
  personal.clear()
}

/** Hands over what is said from now on, and what was said before anybody could show it. Returns an end to it. */
export function takeSayings(taker: Shower): () => void {
  shower = taker
  for (const saying of waiting) taker.show(saying)
  waiting = []
  return () => {
    shower = undefined
  }
}
