import { Navigate, useLocation, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** Addresses that somebody was given by somebody else: they lead there after the sign-in too. */
const GIVEN = /^\/(?:friends\?|dex\/)/

/** Where somebody wanted to go who had to sign in first. In memory only: it names people. */
let wanted: string | undefined

/** To the sign-in, with a note of where this was to lead. */
export function ToSignIn() {
  const { href } = useLocation()
  useEffect(() => {
    if (GIVEN.test(href)) wanted = href
  }, [href])
  return <Navigate to="/sign-in" replace />
}

/** From the sign-in to where somebody wanted to go, else to the wall. */
export function FromSignIn() {
  const router = useRouter()
  useEffect(() => router.history.replace(wanted ?? '/'), [router])
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
