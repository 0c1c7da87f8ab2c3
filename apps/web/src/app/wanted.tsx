import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Addresses that somebody was given by somebody else: they lead there after the sign-in too. */
const GIVEN = /^\/(?:friends\?|dex\/)/

/** Where somebody wanted to go who had to sign in first. In memory only: it names people. */
let wanted: string | undefined

/** To the sign-in, with a note of where this was to lead. */
export function ToSignIn() {
  const { history } = useRouter()
  useEffect(() => {
    const { href } = history.location
    if (GIVEN.test(href)) wanted = href
    history.replace('/sign-in')
  }, [history])
  return null
}

/** From the sign-in to where somebody wanted to go, else to the wall. */
export function FromSignIn() {
  const { history } = useRouter()
  useEffect(() => history.replace(wanted ?? '/'), [history])
  return null
}

/** Where a sign-in leads. */
export const afterSignIn = (): string => wanted ?? '/'

/** Somebody is in: what they wanted is on screen, or they want it no more. */
export function useArrival(): void {
  useEffect(() => {
    wanted = undefined
  }, [])
}
