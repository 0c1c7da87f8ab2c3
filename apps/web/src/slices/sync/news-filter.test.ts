import { describe, expect, it } from 'vitest'
import { NewsFilter } from './news-filter.ts'

describe('news of a sync', () => {
  it('is whatever changed while nothing of one’s own was on its way', () => {
    const filter = new NewsFilter()
    expect(filter.isNews(0, 0)).toBe(false)
    expect(filter.isNews(1, 0)).toBe(true)
  })

  it('is not the echo of one’s own work, but what is more than that', () => {
    const filter = new NewsFilter()
    filter.sending(2, 1000)
    filter.sending(1, 1500)
    filter.sending(0, 1600)
    expect(filter.isNews(2, 5000)).toBe(false)
    expect(filter.isNews(12, 5000)).toBe(true)
  })

  it('is news again after a while', () => {
    const filter = new NewsFilter()
    filter.sending(2, 1000)
    expect(filter.isNews(1, 60_000)).toBe(true)
    filter.sending(1, 60_001)
    expect(filter.isNews(2, 60_002)).toBe(true)
  })
})
