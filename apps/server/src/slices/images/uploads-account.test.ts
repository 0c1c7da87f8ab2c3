import { UPLOADS_PATH } from '@biologidex/core/images/routes'
import { eachDatabase } from '@biologidex/test-kit/databases'
import { PictureClient } from '@biologidex/test-kit/picture-client'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { afterAll, beforeAll, expect, it } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startTestServer(await databases.settings())
  })
  afterAll(() => server.close())

  it('takes and tells nothing of a picture in the name of another account (O1)', async () => {
    const [mara, ben] = [await PictureClient.signUp(server.url), await PictureClient.signUp(server.url)]
    const one = await mara.announce(await pictures.photograph({ width: 60, height: 40, seed: 7 }))
    const tus = { 'tus-resumable': '1.0.0' }
    const metadata = { 'upload-length': String(one.bytes.length), 'upload-metadata': `image ${btoa(one.image)}` }
    const part = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    const [all, its] = [`${UPLOADS_PATH}?account=${mara.account}`, `${UPLOADS_PATH}/${one.image}?account=${mara.account}`]
    const asks = [
      ['POST', all, { ...tus, ...metadata }],
      ['HEAD', its, tus],
      ['PATCH', its, { ...tus, ...part }],
      ['DELETE', its, tus],
    ] as const
    for (const [method, path, headers] of asks) {
      const body = method === 'PATCH' ? one.bytes : undefined
      expect(await ben.send(method, path, headers, body), method).toMatchObject({ status: 409 })
    }
    expect(await ben.send('POST', all, { ...tus, ...metadata })).toMatchObject({ code: 'wrong_account' })
    const statuses: number[] = []
    for (const [method, path, headers] of asks.slice(0, 3)) {
      statuses.push((await mara.send(method, path, headers, method === 'PATCH' ? one.bytes : undefined)).status)
    }
    expect(statuses).toEqual([201, 200, 204])
  })
})
