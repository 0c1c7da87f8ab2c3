import type { Observed } from '@biologidex/core/entries/observed'
import type { Place } from '@biologidex/core/entries/place'
import { useEffect, useState } from 'react'
import type { Shot } from '../images/shots-state.ts'
import { locate } from './locate.ts'
import { observedNow, takenJustNow } from './taken.ts'

/** Who said it: the photo, this device, or the person, whose word is never overruled. */
export type KnownFrom = 'photo' | 'device' | 'you'

export interface Known<T> {
  readonly value: T | undefined
  /** Absent: nobody knows. */
  readonly from?: KnownFrom
}

export interface WhenWhere {
  readonly when: Known<Observed>
  readonly where: Known<Place>
  /** True while this device is looking where it is. */
  readonly looking: boolean
  readonly setWhen: (value: Observed | undefined) => void
  readonly setWhere: (value: Place | undefined) => void
}

const said = <T>(value: T | undefined, from: KnownFrom): Known<T> => (value === undefined ? { value } : { value, from })

/** What was known of a photo before the app was opened again: then nothing is looked for anew. */
interface Begun {
  readonly sha256: string
  readonly when: Known<Observed>
  readonly where: Known<Place>
}

/**
 * Date and place of a photo: its own, else this device's when it was taken just now, else unknown; the person may change
 * both. The position is asked for only where it can be the photo's, and nothing waits for it.
 */
export function useWhenWhere({ read, source, modified }: Shot, begun?: Begun): WhenWhere {
  const [when, setWhen] = useState<Known<Observed>>(begun?.when ?? { value: undefined })
  const [where, setWhere] = useState<Known<Place>>(begun?.where ?? { value: undefined })
  const [looking, setLooking] = useState(false)

  useEffect(() => {
    if (begun?.sha256 === read.sha256) return
    const now = new Date()
    const fresh = takenJustNow(read, source, modified, now)
    const date = read.observed ? said(read.observed, 'photo') : said(fresh ? observedNow(now) : undefined, 'device')
    setWhen((before) => (before.from === 'you' ? before : date))
    setWhere((before) => (before.from === 'you' ? before : said(read.place, 'photo')))
    if (read.place || !fresh) return
    let wanted = true
    setLooking(true)
    void locate().then((place) => {
      if (!wanted) return
      setLooking(false)
      setWhere((before) => (before.from ? before : said(place, 'device')))
    })
    return () => {
      wanted = false
      setLooking(false)
    }
  }, [read, source, modified, begun])

  return {
    when,
    where,
    looking: looking && where.from === undefined,
    setWhen: (value) => setWhen({ value, from: 'you' }),
    setWhere: (value) => setWhere({ value, from: 'you' }),
  }
}
