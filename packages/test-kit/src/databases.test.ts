import { expect, it } from 'vitest'
import { eachDatabase } from './databases.ts'

const COUNTER = 'animal_number'

eachDatabase((_name, databases) => {
  it('gives each asker a database of its own, with the schema in it', async () => {
    const [one, other] = await Promise.all([databases.open(), databases.open()])
    expect(await one.write((tx) => tx.nextNumber(COUNTER))).toBe(1)
    expect(await one.write((tx) => tx.nextNumber(COUNTER))).toBe(2)
    expect(await other.write((tx) => tx.nextNumber(COUNTER))).toBe(1)
  })

  it('opens the same database again', async () => {
    const settings = await databases.settings()
    const first = await databases.open(settings)
    await first.write((tx) => tx.nextNumber(COUNTER))
    await first.close()
    await first.close()
    const second = await databases.open(settings)
    expect(await second.write((tx) => tx.nextNumber(COUNTER))).toBe(2)
  })
})
