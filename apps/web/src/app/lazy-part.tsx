import { type ComponentType, createElement, type FunctionComponent, use, useCallback, useEffect, useReducer } from 'react'
import { reloadGently } from './before-reload.ts'
import { fetchLostStyles, isNotFetched } from './not-fetched.ts'

export interface LackingProps {
  readonly again: () => void
}

/** A component in a file of its own. */
export interface LazyPart<P> extends FunctionComponent<P> {
  /** Asked for by the router before it shows the screen. */
  readonly preload: () => Promise<void>
}

/** Whether the server answers: a file that cannot be had from it then is gone, with the version that this page is of. */
const answers = (): Promise<boolean> =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )

/**
 * A part of the app that is loaded when it is first shown. Where its files cannot be fetched `Lacking` stands in its place, and
 * nowhere else, until they can be: they are tried again when the network is back, and when somebody asks. Anything else that goes
 * wrong with it is a fault, for the screen's boundary. It has to stand within a `Suspense`.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Lacking: ComponentType<LackingProps>,
): LazyPart<P> {
  let here: ComponentType<P> | undefined
  let isLacking = false
  let coming: Promise<void> | undefined
  const lacks = (error: unknown): void => {
    isLacking = isNotFetched(error)
    if (!isLacking) throw error
    coming = undefined
  }
  const preload = (): Promise<void> => {
    coming ??= load().then((part) => {
      here = part
    }, lacks)
    return coming
  }

  function Lacked({ onHere }: { onHere: () => void }) {
    const tryAgain = useCallback(async () => {
      await fetchLostStyles().then(preload, lacks).then(onHere, onHere)
      return here !== undefined
    }, [onHere])
    const again = async () => {
      // Some browsers do not fetch again what failed once; and a file of an older version is not to be had any more.
      if (!(await tryAgain()) && (await answers())) await reloadGently()
    }
    useEffect(() => {
      const online = () => void tryAgain()
      addEventListener('online', online)
      return () => {
        removeEventListener('online', online)
        // Whoever comes back later has it tried anew.
        isLacking = false
      }
    }, [tryAgain])
    return <Lacking again={() => void again()} />
  }

  function Part(props: P) {
    const [, draw] = useReducer((times: number) => times + 1, 0)
    if (here) return createElement(here, props)
    if (isLacking) return <Lacked onHere={draw} />
    use(preload())
    return null
  }
  return Object.assign(Part, { preload })
}
