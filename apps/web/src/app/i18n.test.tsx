import { isValidElement, type ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { formatNumber, formatObserved } from './format.ts'
import { T, t } from './i18n.tsx'
import { en } from './messages/en.ts'

/** The words of what would be drawn, tags left out. */
function textOf(node: ReactNode): string {
  if (Array.isArray(node)) return node.map(textOf).join('')
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children)
  return typeof node === 'string' || typeof node === 'number' ? String(node) : ''
}

describe('the catalogue', () => {
  it('has no empty sentence, and none that ICU cannot read', () => {
    for (const [id, text] of Object.entries(en)) {
      expect(text.trim(), id).not.toBe('')
      if (text.includes('{')) expect(t(id as keyof typeof en, {}), id).not.toBe(text)
    }
  })

  it('puts values in, with plurals', () => {
    expect(t('wall.sightings', { count: 1 })).toBe('1 sighting')
    expect(t('wall.sightings', { count: 24 })).toBe('24 sightings')
    expect(t('wall.gap.run', { count: 5 })).toBe('five not met yet')
    expect(t('wall.gap.run', { count: 12 })).toBe('12 not met yet')
    expect(t('sync.updated', { count: 12, shown: '12' })).toBe('Updated 12 entries')
  })
})

describe('marked sentences', () => {
  it('draw tags as elements and keep every word', () => {
    expect(textOf(T({ id: 'sync.counted', values: { current: '312', total: '1,040' } }))).toBe('312 of 1,040 arriving')
    const link = T({ id: 'accounts.signIn.new', tags: { link: (words) => <a href="/sign-up">{words}</a> } })
    expect(textOf(link)).toBe('New here? Make an account')
  })

  it('never read a tag out of a value', () => {
    const drawn = T({ id: 'settings.account.as', values: { username: '<i>mara</i>' } })
    expect(textOf(drawn)).toBe('Signed in as <i>mara</i>')
  })

  it('take elements as values', () => {
    const drawn = T({ id: 'wall.met', values: { animals: <span>47</span>, count: 47 } })
    expect(textOf(drawn)).toBe('47 animals met')
  })
})

describe('numbers and dates', () => {
  it('write discovery numbers with four digits at least', () => {
    expect(formatNumber(42)).toBe('No. 0042')
    expect(formatNumber(123_456)).toBe('No. 123456')
    expect(formatNumber(undefined)).toBe('No. —')
  })

  it('show an observation as what the watch said there, whatever zone this is', () => {
    expect(formatObserved({ at: '2026-09-14T23:50', zone: 600 })).toMatch(/14.*2026|2026.*14/)
    expect(formatObserved({ at: '2026' })).toBe('2026')
    expect(formatObserved({ at: '2026-09' })).toMatch(/2026/)
    expect(formatObserved({ at: '2026-01-01' }, 'short')).toMatch(/2026/)
  })
})
