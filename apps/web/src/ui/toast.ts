export interface ToastInput {
  readonly text: string
  /** One thing to do about it, an undo mostly. The toast goes when it is done. */
  readonly action?: { readonly label: string; readonly run: () => void }
  /** A toast with the same id is replaced, not repeated. */
  readonly id?: string
  /** Stays until it is closed. */
  readonly stays?: boolean
}

/** A toast on its way to the screen. */
export interface Saying extends ToastInput {
  readonly id: string
}

/** Where toasts are shown. */
export interface Shower {
  readonly show: (saying: Saying) => void
  /** Takes everything off the screen. */
  readonly clear: () => void
}

const waiting: Saying[] = []
let shower: Shower | undefined
let count = 0

/** Says something in passing: on screen, and to screen readers when they pause. From anywhere, components or not. */
export function say(input: ToastInput): void {
  const saying = { ...input, id: input.id ?? `toast-${++count}` }
  if (shower) shower.show(saying)
  else waiting.push(saying)
}

/** Takes back all that was said: it was for somebody who is no longer here. */
export function hush(): void {
  waiting.length = 0
  shower?.clear()
}

/** Hands over what is said from now on, and what was said before anybody could show it. Returns an end to it. */
export function takeSayings(taker: Shower): () => void {
  shower = taker
  for (const saying of waiting.splice(0)) taker.show(saying)
  return () => {
    shower = undefined
  }
}
