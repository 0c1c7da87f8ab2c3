import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { Device } from './kit/device.ts'
import { findIn, type Needle, ofText } from './kit/needles.ts'
import { entriesOf, imagesOf, Owner } from './kit/owner.ts'
import { capture, openPlate, signUp } from './kit/person.ts'
import type { Server } from './kit/server.ts'
import { useStage } from './kit/stage.ts'

const stage = useStage()
let server: Server
/** Mara's phone, whose profile is looked through; Jonas keeps and withdraws. */
let phone: Device
let desktop: Device
let jonas: Owner
let mara: Owner

/** Where a browser keeps the addresses that were visited, names and ids in them: no page can clear that. */
const ADDRESSES = / in (?:Default\/(?:Favicons|History|Sessions\/)|segmentation_platform\/)/

/** Words that nothing repeats and nobody else has. */
const word = (): string => randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')

const found = async (needles: readonly Needle[]): Promise<string[]> =>
  (await findIn(phone.profile, needles)).filter((one) => !ADDRESSES.test(one))

/** Befriends them, and lets Mara look at an entry of Jonas's, large. Answers what of it may never be found in plain. */
async function lookAt(note: string): Promise<readonly Needle[]> {
  await jonas.ask(mara.account)
  await mara.ask(jonas.account)
  await phone.page.goto('/dex/jonas')
  await openPlate(phone.page, 'Wren')
  await phone.page.getByText(note).waitFor()
  await phone.page.getByRole('img', { name: 'Wren' }).waitFor()
  const [entry] = entriesOf(server)
  const [image] = imagesOf(server)
  if (!entry || !image) throw new Error('nothing was kept')
  const pictures = await Promise.all((['wall', 'screen'] as const).map((rendition) => jonas.picture(image, rendition)))
  const middles = pictures.map((bytes) => bytes.subarray(bytes.length / 2, bytes.length / 2 + 40))
  return [
    ofText('the note', note),
    { name: 'the picture', forms: middles },
    ofText('the id of the entry', entry.id),
    ofText('the id of the picture', image.id),
  ]
}

beforeAll(async () => {
  server = await stage.server()
  desktop = await stage.device(server)
  phone = await stage.device(server, { profile: true })
  await signUp(desktop, 'jonas')
  await signUp(phone, 'mara')
  await phone.shellInstalled()
  jonas = await Owner.signIn(server, 'jonas')
  mara = await Owner.signIn(server, 'mara')
})

test('of a dex that went nothing is left in the browser’s profile, nor did it ever lie there in plain', async () => {
  const note = word()
  await capture(desktop.page, await stage.photos.take(), { name: 'wren', latin: 'Troglodytes troglodytes', note })
  await desktop.page.getByText(/^Up to date/).waitFor()
  for (const how of ['unfriended', 'blocked'] as const) {
    const content = await lookAt(note)
    await phone.stop()
    expect(await found(content)).toEqual([])
    // The dex is there: else that nothing of it is found would prove nothing.
    expect(await found([ofText('whose dex it is', jonas.account)])).not.toEqual([])
    await phone.start()
    await phone.page.goto('/dex/jonas')
    await phone.page.locator('.plate').waitFor()
    if (how === 'blocked') await jonas.change({ type: 'block', id: mara.account, op: 'create' })
    else await jonas.change({ type: 'friend', id: mara.account, op: 'delete' })
    await phone.page.getByText('You can no longer see jonas’s dex.').waitFor()
    await phone.stop()
    expect(await found(content)).toEqual([])
    await phone.start()
    await phone.page.goto('/')
    await phone.page.getByText('Your dex is empty, for now').waitFor()
    expect(await found(content)).toEqual([])
    if (how === 'blocked') await jonas.change({ type: 'block', id: mara.account, op: 'delete' })
  }
}, 180_000)
