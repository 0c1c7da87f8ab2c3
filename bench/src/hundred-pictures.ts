import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePorts } from '@biologidex/client/adapters/node'
import { createEngine } from '@biologidex/client/engine'
import type { PictureAt } from '@biologidex/client/face'
import { imageRoutes } from '@biologidex/core/images/routes'
import { syncRoutes } from '@biologidex/core/sync/wire'
import type { DemoAccount } from '@biologidex/server/host'
import { folder } from './places.ts'

/** A new device: signed in to every entry and the wall's picture of each on its disk, in milliseconds. Answers the pictures too. */
export async function dexWithPictures(url: string, { id, token }: DemoAccount): Promise<{ ms: number; pictures: PictureAt[] }> {
  const dir = await folder('hundred')
  const began = performance.now()
  const engine = createEngine(nodePorts({ account: id, dir, baseUrl: url, token, keyFile: join(dir, 'key') }), id)
  try {
    await engine.start()
    await engine.syncNow()
    const dex = await engine.openDex(id)
    const pictures = [...dex.entries.values()].flatMap((entry): PictureAt[] => {
      const image = entry.images?.[0]
      const sha256 = image?.renditions?.wall?.sha256
      return image && sha256 ? [{ dex: id, entry: entry.id, image: image.id, rendition: 'wall', sha256 }] : []
    })
    const bytes = await Promise.all(pictures.map((at) => engine.picture(at)))
    if (bytes.includes(undefined)) throw new Error('a picture could not be had')
    dex.close()
    return { ms: performance.now() - began, pictures }
  } finally {
    await engine.stop()
  }
}

const pathOf = ({ dex, entry, image, rendition }: PictureAt): string =>
  Object.entries({ dex, entry, image, rendition }).reduce<string>(
    (path, [name, value]) => path.replace(`:${name}`, value),
    imageRoutes.rendition.path,
  )

/** The same bytes with nothing but fetch: one answer of a pull, then each picture, checked and written to a file. */
export async function bareWithPictures(
  url: string,
  { id, token }: DemoAccount,
  pictures: readonly PictureAt[],
): Promise<number> {
  const dir = await folder('hundred-bare')
  const began = performance.now()
  const authorization = `Bearer ${token}`
  const asked = {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ account: id, cursors: {} }),
  }
  const answer = await (await fetch(`${url}${syncRoutes.pull.path}`, asked)).text()
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'dex'), answer)
  const fetched = async (at: PictureAt): Promise<void> => {
    const bytes = new Uint8Array(await (await fetch(`${url}${pathOf(at)}`, { headers: { authorization } })).arrayBuffer())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (sha256 !== at.sha256) throw new Error(`another picture than was asked for: ${pathOf(at)}`)
    await writeFile(join(dir, sha256), bytes)
  }
  await Promise.all(pictures.map(fetched))
  return performance.now() - began
}
