import { existsSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionView } from '@biologidex/core/accounts/account'
import { accountRoutes } from '@biologidex/core/accounts/routes'
import { png, upright } from '../pictures.ts'
import { Busy } from './busy.ts'
import { Chance } from './chance.ts'
import { takeOverGlobals } from './globals.ts'
import { SimServer } from './sim-server.ts'
import { VirtualClock } from './virtual-clock.ts'

/** When every seed begins. */
export const START = Date.UTC(2026, 4, 17, 8, 30)

const ANIMALS = `scientific_name\trank\tname_en\tname_de\tiucn\tiucn_source\tiucn_date
Vulpes vulpes\tspecies\tRed fox\tRotfuchs\tLC\tIUCN Red List\t2022
Alces alces\tspecies\tMoose\tElch\tLC\tIUCN Red List\t2022
Panthera tigris\tspecies\tTiger\tTiger\tEN\tIUCN Red List\t2022
Erinaceus europaeus\tspecies\tHedgehog\tIgel\t\t\t
Cygnus olor\tspecies\tMute swan\tHöckerschwan\tLC\tIUCN Red List\t2022
Lutra lutra\tspecies\tOtter\tFischotter\tNT\tIUCN Red List\t2022
`

/**
 * Where the folders lie: in memory where that can be had, since each commit waits for its disk. What a power cut leaves of
 * files is played by power.ts in either place.
 */
const MEMORY = '/dev/shm'

const NEIGHBOURS = ['cleo', 'dora'] as const
export const PASSWORD = 'correct horse'

const DEVICES = ['phone', 'tablet', 'laptop', 'newcomer'] as const
export type DeviceName = (typeof DEVICES)[number]

/** What every seed begins with: a server that knows one person, the sessions of that person's devices, and some pictures. */
export interface Template {
  readonly account: string
  readonly tokens: Readonly<Record<DeviceName, string>>
  /** Another person's account. */
  readonly guest: { readonly account: string; readonly token: string }
  /** People with a dex and a device of their own. */
  readonly neighbours: readonly { readonly name: string; readonly account: string; readonly token: string }[]
  readonly pictures: readonly { readonly bytes: Buffer; readonly mediaType: string }[]
  /** A copy of the data folder. */
  copy(): Promise<string>
  /** Removes it with all copies, at once: also while the program ends. */
  remove(): void
}

async function signInAs(username: string, device: string, server: SimServer, first: boolean): Promise<SessionView> {
  const { path } = first ? accountRoutes.signUp : accountRoutes.signIn
  const body = JSON.stringify({ username, password: PASSWORD, device, session: 'bearer' })
  const answer = await server.send({ method: 'POST', path, headers: { 'content-type': 'application/json' }, body })
  if (answer.status !== 200) throw new Error(answer.body.toString())
  return JSON.parse(answer.body.toString()) as SessionView
}

/** Pictures that differ in what they show, each in two formats: few enough that now and then two entries show the same. */
const MOTIFS = 8

async function drawPictures(): Promise<Template['pictures']> {
  const pictures: Template['pictures'][number][] = []
  for (let seed = 1; seed <= MOTIFS; seed += 1) {
    pictures.push({ bytes: await png({ width: 12, height: 9, seed }), mediaType: 'image/png' })
    const jpeg = await upright({ width: 9, height: 12, seed }).jpeg().toBuffer()
    pictures.push({ bytes: jpeg, mediaType: 'image/jpeg' })
  }
  return pictures
}

/** Makes the template; passwords are hashed here once and in no seed. */
export async function makeTemplate(): Promise<Template> {
  const top = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'biologidex-sim-'))
  const folder = join(top, 'template')
  await mkdir(folder)
  await writeFile(join(folder, 'animals.tsv'), ANIMALS)
  const giveBack = takeOverGlobals(new VirtualClock(START), new Chance('template'))
  const server = new SimServer({ busy: new Busy(), folder, onDeath: () => undefined })
  await server.start()
  const sessions: SessionView[] = []
  for (const device of DEVICES) sessions.push(await signInAs('ada', device, server, sessions.length === 0))
  const guest = await signInAs('ben', 'phone', server, true)
  const neighbours: Template['neighbours'][number][] = []
  for (const name of NEIGHBOURS) {
    const { account, token = '' } = await signInAs(name, 'phone', server, true)
    neighbours.push({ name, account: account.id, token })
  }
  await server.stop()
  giveBack()
  let copies = 0
  return {
    account: sessions[0]?.account.id ?? '',
    tokens: Object.fromEntries(DEVICES.map((name, at) => [name, sessions[at]?.token ?? ''])) as Template['tokens'],
    guest: { account: guest.account.id, token: guest.token ?? '' },
    neighbours,
    pictures: await drawPictures(),
    async copy() {
      copies += 1
      const copy = join(top, String(copies))
      await cp(folder, copy, { recursive: true })
      return copy
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  }
}
