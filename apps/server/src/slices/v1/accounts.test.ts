import { eachDatabase } from '@biologidex/test-kit/databases'
import * as pictures from '@biologidex/test-kit/pictures'
import { startTestServer, type TestServer } from '@biologidex/test-kit/test-server'
import { V1Client } from '@biologidex/test-kit/v1-client'
import { afterAll, beforeAll, expect, test } from 'vitest'

eachDatabase((_name, databases) => {
  let server: TestServer
  let theo: V1Client

  beforeAll(async () => {
    server = await startTestServer(await databases.settings(), { RATE_PEOPLE_BURST: '1000' })
    theo = await V1Client.signUp(server.url, 'theo')
  })
  afterAll(() => server.close())

  test('an account is made, and signed in to, as old clients do', async () => {
    expect(theo.user).toMatchObject({
      username: 'theo',
      email: 'theo@example.org',
      friend_code: expect.stringMatching(/^[0-9A-Z]{8}$/),
      bio: '',
      avatar: null,
      badges: [],
      profile: { total_catches: 0, unique_species: 0, last_catch_date: null },
    })
    const me = await theo.call('GET', 'users/me/')
    expect(me).toMatchObject({ status: 200, body: { ...theo.user } })
    expect(await theo.call('GET', 'users/friend_code/')).toMatchObject({
      body: { friend_code: theo.user?.friend_code, username: 'theo' },
    })
  })

  test('what can’t be is refused in words', async () => {
    const nobody = new V1Client(server.url, 'theo')
    const wrong = await nobody.signIn('not the password')
    expect(wrong).toMatchObject({ status: 401, body: { code: 'sign_in_failed', error: expect.any(String) } })
    expect((await nobody.call('GET', 'users/me/')).status).toBe(401)
    const json = { username: 'mara', email: '', password: 'long enough', password_confirm: 'another one' }
    expect(await nobody.call('POST', 'users/', { json })).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
    const taken = { username: 'Theo', password: 'long enough', password_confirm: 'long enough' }
    expect(await nobody.call('POST', 'users/', { json: taken })).toMatchObject({
      status: 409,
      body: { code: 'username_taken' },
    })
    const garbled = await fetch(`${server.url}/api/v1/auth/login/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    expect(garbled.status).toBe(400)
  })

  test('a refresh token gives a new token, and the one before is dead; ending the session ends both', async () => {
    const phone = new V1Client(server.url, 'theo')
    await phone.signIn()
    const before = phone.access
    const { body } = await phone.call<{ access: string }>('POST', 'auth/refresh/', { json: { refresh: phone.refresh } })
    expect((await phone.call('GET', 'users/me/')).status).toBe(401)
    phone.access = body.access
    expect(phone.access).not.toBe(before)
    expect((await phone.call('GET', 'users/me/')).status).toBe(200)
    const headers = { authorization: `Bearer ${phone.access}` }
    expect((await server.ask('DELETE', '/api/v2/sessions/current', { headers })).status).toBe(200)
    expect((await phone.call('POST', 'auth/refresh/', { json: { refresh: phone.refresh } })).status).toBe(401)
    expect((await phone.call('POST', 'auth/refresh/', { json: { refresh: before } })).status).toBe(401)
  })

  test('the profile changes, and its picture can be fetched without a header', async () => {
    expect(await theo.call('PATCH', 'users/me/', { json: { bio: 'Birds, mostly.' } })).toMatchObject({
      status: 200,
      body: { bio: 'Birds, mostly.' },
    })
    const form = new FormData()
    form.set('avatar', new Blob([new Uint8Array(await pictures.png({ width: 40, height: 30 }))]), 'me.png')
    const { status, body } = await theo.call<{ avatar: string; bio: string }>('PATCH', 'users/me/', { form })
    expect([status, body.bio]).toEqual([200, 'Birds, mostly.'])
    expect(await fetch(body.avatar)).toMatchObject({ status: 200 })
    const forged = body.avatar.replace(/\.([\w-]{22})\./, `.${'A'.repeat(22)}.`)
    expect((await fetch(forged)).status).toBe(404)
  })

  test('somebody is found by code; who blocked is as unknown as who is not there', async () => {
    const mara = await V1Client.signUp(server.url, 'mara')
    const json = { friend_code: theo.user?.friend_code.toLowerCase() }
    const found = await mara.call('POST', 'users/lookup_friend_code/', { json })
    expect(found).toMatchObject({ status: 200, body: { id: theo.id, username: 'theo' } })
    expect(found.body).not.toHaveProperty('email')
    await mara.call('POST', 'social/friendships/send_request/', { json: { user_id: theo.id } })
    await theo.call('POST', `social/friendships/${mara.id}/respond/`, { json: { action: 'block' } })
    const blocked = await mara.call('POST', 'users/lookup_friend_code/', { json })
    const unknown = await mara.call('POST', 'users/lookup_friend_code/', { json: { friend_code: 'ZZZZZZZZ' } })
    expect([blocked.status, blocked.body]).toEqual([unknown.status, unknown.body])
    expect(blocked.status).toBe(404)
  })

  test('the API is described, and marked as v1', async () => {
    const { json } = await server.ask('GET', '/api/v2/openapi.json')
    const paths = json.paths as Record<string, Record<string, { tags?: string[] }>>
    const older = Object.entries(paths).filter(([path]) => path.startsWith('/api/v1/'))
    expect(older.length).toBeGreaterThan(30)
    for (const [, methods] of older) for (const { tags } of Object.values(methods)) expect(tags).toEqual(['v1'])
  })
})
