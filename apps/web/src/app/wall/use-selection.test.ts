import { describe, expect, it } from 'vitest'
import type { PlateCell } from './cells.ts'
import type { Facts } from './facts.ts'
import { standsFor } from './use-selection.ts'

const facts = (id: string, latin: string): Facts => ({ entry: { id }, latin }) as unknown as Facts
const FITTING = [facts('1', 'Vulpes vulpes'), facts('2', 'Anas platyrhynchos'), facts('3', 'vulpes vulpes'), facts('4', '')]
const plate = (entry: string, latin: string, sightings?: number) => ({ entry, latin, sightings }) as unknown as PlateCell

describe('what a chosen plate stands for', () => {
  it('is every sighting shown where it stands for an animal', () => {
    expect(standsFor(plate('1', 'Vulpes vulpes', 2), FITTING)).toEqual(['1', '3'])
  })

  it('is its own entry where it stands for one, or has no name', () => {
    expect(standsFor(plate('1', 'Vulpes vulpes'), FITTING)).toEqual(['1'])
    expect(standsFor(plate('4', '', 1), FITTING)).toEqual(['4'])
  })
})
