import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { anyDatabase } from '@biologidex/test-kit/databases'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'

const PAGE = '<!doctype html><title>BiologiDex</title>'
const SCRIPT = `console.log('${'plates '.repeat(300)}')`
const html = { accept: 'text/html,application/xhtml+xml' }

async function builtFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'biologidex-web-'))
  await mkdir(join(root, 'assets'))
  await writeFile(join(root, 'index.html'), PAGE)
  await writeFile(join(root, 'sw.js'), 'self.skipWaiting()')
  await writeFile(join(root, 'assets/app-4f2a.js'), SCRIPT)
  await writeFile(join(root, 'assets/app-4f2a.js.br'), brotliCompressSync(SCRIPT))
  return root
}

anyDatabase((databases) => {
  describe('the web app', () => {
    let server: TestServer
    let app: FastifyInstance
    let root: string
    beforeAll(async () => {
      root = await builtFolder()
      server = await startTestServer(await databases.settings(), {}, root)
      app = await buildApp(server.ctx, join(root, 'not built'))
    })
    afterAll(async () => {
      await app.close()
      await server.close()
      await rm(root, { recursive: true })
    })

    it.each(['/', '/entries/0042', '/sign-in?next=%2F', '/assets/old-chunk.js'])('opens its page at %s', async (path) => {
      const { status, text, headers } = await server.ask('GET', path, { headers: html })
      expect([status, text]).toEqual([200, PAGE])
      expect(headers.get('cache-control')).toBe('no-cache')
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    })

    it('lets its page do only what it needs', async () => {
      const { headers } = await server.ask('GET', '/', { headers: html })
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; connect-src 'self'; " +
          "worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; " +
          "frame-ancestors 'none'",
      )
      expect(headers.get('permissions-policy')).toContain('camera=(self), geolocation=(self)')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.has('strict-transport-security')).toBe(false)
    })

    it('keeps files named by their content for good, and asks for the service worker each time', async () => {
      const script = await server.ask('GET', '/assets/app-4f2a.js')
      expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(script.headers.get('content-security-policy')).toContain("default-src 'self'")
      const worker = await server.ask('GET', '/sw.js')
      expect(worker.headers.get('cache-control')).toBe('no-cache')
      expect(worker.headers.get('content-type')).toContain('javascript')
    })

    it('sends what was compressed beforehand to who takes it', async () => {
      const at = '/assets/app-4f2a.js'
      const packed = await buildApp(server.ctx, root)
      const brotli = await packed.inject({ url: at, headers: { 'accept-encoding': 'br' } })
      expect(brotli.headers).toMatchObject({
        'content-encoding': 'br',
        'content-type': expect.stringContaining('javascript'),
        'cache-control': expect.stringContaining('immutable'),
      })
      expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(SCRIPT)
      const plain = await packed.inject({ url: at, headers: { 'accept-encoding': 'identity' } })
      expect(plain.payload).toBe(SCRIPT)
      await packed.close()
    })

    it.each([
      ['GET', '/api/v2/nothing', html],
      ['GET', '/api/nothing', html],
      ['GET', '/assets/gone-1234.js', { accept: '*/*' }],
      ['POST', '/entries', html],
      ['GET', '/../../package.json', { accept: '*/*' }],
      ['GET', '/%2e%2e/%2e%2e/package.json', { accept: '*/*' }],
      ['GET', '/.git/config', { accept: '*/*' }],
    ])('is no answer to %s %s', async (method, path, headers) => {
      const { status, json } = await server.ask(method, path, { headers })
      expect([status, json.code]).toEqual([404, 'not_found'])
    })

    it('says what to do when it has not been built', async () => {
      const { statusCode, payload, headers } = await app.inject({ url: '/', headers: html })
      expect(statusCode).toBe(503)
      expect(headers['content-type']).toContain('text/plain')
      expect(payload).toContain('npm start')
      expect((await app.inject({ url: '/api/v2/health' })).payload).toBe('ok')
    })
  })
})
