import { access, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { GUARDS } from './all.ts'

test('every guard on the list stands where it says, once, and has a test: taking it out is a matter of minutes (npm run test:guards)', async () => {
  for (const { name, file, find, test: path } of GUARDS) {
    await access(path)
    const places = (await readFile(file, 'utf8')).split(find).length - 1
    expect({ name, places }).toEqual({ name, places: 1 })
  }
})
