import { foldUsername } from '@biologidex/core/accounts/account'
import { v1Profile } from '@biologidex/core/v1/inputs'
import { v1Accounts } from '@biologidex/core/v1/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { accountOf, register, signIn } from '../accounts/accounts.service.ts'
import { addRefresh, refreshSession } from '../accounts/refresh.service.ts'
import { findByCode } from '../friends/friends.service.ts'
import { changeUser, ownUser, toV1Person } from './accounts.service.ts'
import { noUser } from './dex.service.ts'
import { FORM_BYTES, readSent } from './form.ts'
import { baseOf } from './urls.ts'

/** What a session is called where an old client does not say. */
const DEVICE = 'BiologiDex (v1)'

/** Getting in, and one's own account. */
export function registerV1Accounts(app: FastifyInstance, ctx: Context): void {
  const plain = { validateAnswer: false } as const

  addRoute(app, ctx, v1Accounts.login, { ...plain, rate: 'signIn' }, async (request) => {
    const { username, password, device = DEVICE } = request.body
    app.limiter.take('signIn', `name ${foldUsername(username.trim())}`)
    const made = await signIn(ctx, { username, password, device, session: 'bearer' }, request.ip)
    const refresh = await addRefresh(ctx, made.token)
    return { access: made.token, refresh, user: await ownUser(ctx, made.account.id, baseOf(ctx, request)) }
  })

  addRoute(app, ctx, v1Accounts.refresh, { ...plain, rate: 'signIn' }, async (request) => ({
    access: await refreshSession(ctx, request.body.refresh),
  }))

  addRoute(app, ctx, v1Accounts.signUp, { ...plain, rate: 'signIn' }, async (request, reply) => {
    const { username, email, password } = request.body
    const id = await register(ctx, { username, email }, password, request.ip, async (_tx, account) => account.id)
    return reply.code(201).send(await ownUser(ctx, id, baseOf(ctx, request)))
  })

  addRoute(app, ctx, v1Accounts.me, { ...plain, rate: 'pull' }, (request, _reply, caller) =>
    ownUser(ctx, caller.account, baseOf(ctx, request)),
  )

  addRoute(app, ctx, v1Accounts.change, { ...plain, rate: 'push', bodyLimit: FORM_BYTES }, async (request, _reply, caller) => {
    const { fields, files } = await readSent(request)
    const avatar = files.get('avatar')
    // Dear to make and rarely wanted: as seldom as signing in.
    if (avatar) app.limiter.take('signIn', `avatar ${caller.account}`)
    await changeUser(ctx, caller, v1Profile.parse(fields).bio, avatar)
    return ownUser(ctx, caller.account, baseOf(ctx, request))
  })

  addRoute(app, ctx, v1Accounts.code, { ...plain, rate: 'pull' }, async (_request, _reply, caller) => {
    const row = await accountOf(ctx, caller.account)
    if (!row) throw noUser()
    return { friend_code: row.friend_code, username: row.username }
  })

  addRoute(app, ctx, v1Accounts.byCode, { ...plain, rate: 'people' }, async (request, _reply, caller) => {
    const { id } = await findByCode(ctx, caller.account, request.body.friend_code)
    const row = await accountOf(ctx, id)
    if (!row) throw noUser()
    return toV1Person(ctx, baseOf(ctx, request), caller.account, row)
  })
}
