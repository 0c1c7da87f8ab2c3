import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { brotliCompressSync, constants } from 'node:zlib'
import { PROTOCOL } from '@biologidex/core/protocol'
import { SQLITE_FILE } from '@biologidex/server/db/open'
import { YESTERDAY_PARTS, YESTERDAYS_FOLDER, type Yesterday, type YesterdayPart } from '@biologidex/test-kit/yesterdays'
import { Device } from './kit/device.ts'
import { fillDex } from './kit/freeze/dex.ts'
import { leaveMirror } from './kit/freeze/mirror.ts'
import { leaveNodeClient } from './kit/freeze/node-client.ts'
import { leavePhone } from './kit/freeze/phone.ts'
import { findIn, ofText } from './kit/needles.ts'
import { Owner } from './kit/owner.ts'
import { PASSWORD, signUp } from './kit/person.ts'
import { Photos } from './kit/photos.ts'
import { Proxy } from './kit/proxy.ts'
import { Server } from './kit/server.ts'

/**
 * Freezes what this version leaves on disks, for later versions to open: `node e2e/src/freeze-yesterday.ts VERSION`, with the web app
 * built. See packages/test-kit/yesterdays/README.md.
 */
const HOST = 'dex.localhost'
const ROOT = join(import.meta.dirname, '../..')

const version = process.argv[2] ?? ''
if (!/^\d[\w.-]*$/.test(version)) throw new Error('Say which version this is: node e2e/src/freeze-yesterday.ts VERSION')
const out = join(YESTERDAYS_FOLDER, version)
if (existsSync(out)) throw new Error(`${version} is frozen already, and what it wrote is what it wrote: take another name.`)

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
const folder = await mkdtemp(join(tmpdir(), 'biologidex-freeze-'))
const server = await Server.open()
const proxy = await Proxy.open(server)
const photos = await Photos.open()
const phone = await Device.open(proxy, { host: HOST, installs: false, profile: true })

/** Refuses what tells of the machine that it was made on. */
async function checkAnonymous(path: string): Promise<void> {
  const words = [ROOT, tmpdir(), hostname(), userInfo().homedir].filter((word) => word.length > 3)
  const found = await findIn(
    path,
    words.map((word) => ({ ...ofText(word, word), forms: [Buffer.from(word)] })),
  )
  if (found.length > 0) throw new Error(`This tells of the machine:\n${found.join('\n')}`)
}

async function pack(part: YesterdayPart, path: string): Promise<void> {
  await checkAnonymous(path)
  const nobody = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0']
  const tar = execFileSync('tar', ['-cf', '-', ...nobody, '-C', path, '.'], { maxBuffer: 1e8 })
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: tar.length, [constants.BROTLI_PARAM_LGWIN]: 24 }
  await writeFile(join(out, `${part}.tar.br`), brotliCompressSync(tar, { params }))
}

/** What every server has from its start lies in the database itself; in its log, what people did. */
function settleStart(): void {
  const db = new DatabaseSync(join(server.dataDir, SQLITE_FILE))
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

try {
  settleStart()
  await signUp(phone, 'mara')
  const owner = await Owner.signIn(server, 'mara')
  const dex = await fillDex(server, owner, phone, photos)
  const node = await leaveNodeClient(join(folder, 'node'), server, owner, photos, dex.fox)
  await leaveMirror(join(folder, 'mirror'), server, owner)
  const browser = await leavePhone(join(folder, 'browser'), phone, proxy, photos)
  await server.kill()
  const { entries, trash, outing, lost, half } = dex
  const promised: Yesterday = {
    ...{
      version,
      commit,
      at: Date.now(),
      protocol: PROTOCOL,
      username: 'mara',
      password: PASSWORD,
      account: owner.account,
      host: HOST,
    },
    ...{ entries, trash, outing, lost, half, node, browser: { ...browser, entry: dex.wren } },
  }
  await mkdir(out, { recursive: true })
  for (const part of YESTERDAY_PARTS) await pack(part, part === 'server' ? server.dataDir : join(folder, part))
  await writeFile(join(out, 'promised.json'), `${JSON.stringify(promised, null, 2)}\n`)
} catch (error) {
  await rm(out, { recursive: true, force: true })
  throw error
} finally {
  await phone.discard()
  await proxy.close()
  await photos.remove()
  await server.close()
  await rm(folder, { recursive: true, force: true })
}
