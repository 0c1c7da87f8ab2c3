import { AppError } from '@biologidex/core/errors'
import { v1Animals } from '@biologidex/core/v1/routes'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { animalFor, findOrMake, listAnimals } from '../animals/catalogue.service.ts'
import { pageAnswer, rangeOf } from './pages.ts'
import { toV1Animal } from './shapes.ts'
import { baseOf } from './urls.ts'
import { putName } from './v1.store.ts'

/** The catalogue, as far as a viewer may know it. */
export function registerV1Animals(app: FastifyInstance, ctx: Context): void {
  const options = { rate: 'pull', validateAnswer: false } as const

  addRoute(app, ctx, v1Animals.list, options, async (request) => {
    const { offset, limit } = rangeOf(request.query)
    const { count, animals } = await listAnimals(ctx, request.query.search, offset, limit)
    return pageAnswer(baseOf(ctx, request), request, request.query, count, animals.map(toV1Animal))
  })

  addRoute(app, ctx, v1Animals.one, options, async (request, _reply, caller) => {
    const animal = await animalFor(ctx, caller.account, request.params.id)
    if (!animal) throw new AppError('not_found')
    return toV1Animal(animal)
  })

  addRoute(app, ctx, v1Animals.lookUp, { ...options, rate: 'push' }, async (request, reply, caller) => {
    const { scientific_name, common_name } = request.body
    const { animal, created } = await findOrMake(ctx, caller.account, scientific_name, common_name || undefined)
    if (common_name && !animal.verified) await ctx.db.write((tx) => putName(tx, caller.account, animal.id, common_name))
    return reply.code(created ? 201 : 200).send({ animal: toV1Animal(animal), created })
  })
}
