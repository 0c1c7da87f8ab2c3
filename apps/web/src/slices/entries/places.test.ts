import { place } from '@biologidex/core/entries/place'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fieldsOf, formatCoordinates, isLatitude, isLongitude, placeFromPosition, placeOf } from './places.ts'

const measured = { lat: 52.5163, lon: 13.3777, accuracy: 12, altitude: 34, name: 'Gate', region: 'Berlin' }

it('gives back the same place when nothing was changed', () => {
  expect(placeOf(fieldsOf(measured), measured)).toEqual(measured)
})

it('keeps what was measured with its spot only', () => {
  expect(placeOf({ ...fieldsOf(measured), name: ' Pond ' }, measured)).toEqual({ ...measured, name: 'Pond' })
  expect(placeOf({ ...fieldsOf(measured), name: '' }, measured)).not.toHaveProperty('name')
  expect(placeOf({ ...fieldsOf(measured), lat: '52.5' }, measured)).toEqual({ lat: 52.5, lon: 13.3777, name: 'Gate' })
})

it('takes numbers as people type them', () => {
  expect(placeOf({ lat: ' 52,5 ', lon: '−13.', name: '' }, undefined)).toEqual({ lat: 52.5, lon: -13 })
})

it.each(['', ' ', '91', '-90.1', 'north', '1e1', '1 2', 'NaN', 'Infinity', '0x10'])('refuses %j as a latitude', (text) => {
  expect(isLatitude(text)).toBe(false)
  expect(placeOf({ lat: text, lon: '1', name: '' }, undefined)).toBeUndefined()
})

it('knows how far a longitude goes', () => {
  expect([isLongitude('180'), isLongitude('-180'), isLongitude('180.1')]).toEqual([true, true, false])
})

it('makes a place that the wire takes of whatever a device measures', () => {
  const any = fc.double({ noNaN: true })
  fc.assert(
    fc.property(any, any, any, fc.option(any), (latitude, longitude, accuracy, altitude) => {
      const coordinates = { latitude, longitude, accuracy, altitude, heading: null, speed: null, altitudeAccuracy: null }
      const made = placeFromPosition({ ...coordinates, toJSON: () => coordinates })
      if (made) expect(place.parse(made)).toEqual(made)
      else
        expect(
          Math.abs(latitude) > 90 || Math.abs(longitude) > 180 || accuracy < 0 || accuracy > 5e7 || (altitude ?? 0) !== 0,
        ).toBe(true)
    }),
  )
})

it('writes coordinates in the reader’s way', () => {
  expect(formatCoordinates({ lat: -1.5, lon: 13.3777 }, ['en'])).toBe('1.500° S, 13.378° E')
  expect(formatCoordinates({ lat: 1.5, lon: -13.3777 }, ['de'])).toBe('1,500° N, 13,378° W')
})
