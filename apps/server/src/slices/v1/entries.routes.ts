import { AppError } from '@biologidex/core/errors'
import { type V1EntryQuery, v1EntryChange, v1EntryInput } from '@biologidex/core/v1/inputs'
import { v1Entries } from '@biologidex/core/v1/routes'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller, Context } from '../../context.ts'
import { addRoute } from '../../http/route.ts'
import { keepWhole, type WholePicture } from '../images/take.service.ts'
import { addPicture, changeEntry, createEntry, deleteEntry, oneEntry, ownEntries } from './entries.service.ts'
import { FORM_BYTES, readSent, type Sent } from './form.ts'
import { jobPicture } from './jobs.service.ts'
import { pageAnswer } from './pages.ts'
import { baseOf } from './urls.ts'

const need = (path: string, message: string): AppError => new AppError('invalid_input', [{ path, message }])

/** The picture of a new entry: of the form, or of a job; one of the two. */
async function pictureOf(ctx: Context, caller: Caller, { files }: Sent, job: string | undefined): Promise<WholePicture> {
  const file = files.get('original_image')
  if ((file === undefined) === (job === undefined)) throw need('original_image', 'either this or source_vision_job')
  return file ? keepWhole(ctx, file) : jobPicture(ctx, caller.account, job ?? '')
}

/** Entries: one's own to list and change, anybody's to read as far as one may. */
export function registerV1Entries(app: FastifyInstance, ctx: Context): void {
  const read = { rate: 'pull', validateAnswer: false } as const
  const write = { rate: 'push', validateAnswer: false } as const
  const upload = { ...write, bodyLimit: FORM_BYTES } as const
  const show = (request: FastifyRequest, { account }: Caller, id: string) => oneEntry(ctx, account, id, baseOf(ctx, request))

  const list = async (request: FastifyRequest, { account }: Caller, query: V1EntryQuery) => {
    const base = baseOf(ctx, request)
    const { count, results } = await ownEntries(ctx, account, query, base)
    return pageAnswer(base, request, query, count, results)
  }
  addRoute(app, ctx, v1Entries.list, read, (request, _reply, caller) => list(request, caller, request.query))
  addRoute(app, ctx, v1Entries.mine, read, (request, _reply, caller) => list(request, caller, request.query))
  addRoute(app, ctx, v1Entries.recent, read, (request, _reply, caller) =>
    list(request, caller, { ...request.query, ordering: '-created_at' }),
  )
  addRoute(app, ctx, v1Entries.favorites, read, (request, _reply, caller) =>
    list(request, caller, { ...request.query, is_favorite: true }),
  )
  addRoute(app, ctx, v1Entries.byAnimal, read, (request, _reply, caller) => {
    if (!request.query.animal_id) throw need('animal_id', 'the id of an animal')
    return list(request, caller, request.query)
  })

  addRoute(app, ctx, v1Entries.create, upload, async (request, reply, caller) => {
    const sent = await readSent(request)
    const { source_vision_job: job, ...input } = v1EntryInput.parse(sent.fields)
    const picture = await pictureOf(ctx, caller, sent, job || undefined)
    const id = await createEntry(ctx, caller, input, picture)
    return reply.code(201).send(await show(request, caller, id))
  })

  addRoute(app, ctx, v1Entries.one, read, (request, _reply, caller) => show(request, caller, request.params.id))

  for (const route of [v1Entries.replace, v1Entries.change] as const) {
    addRoute(app, ctx, route, upload, async (request, _reply, caller) => {
      const { fields } = await readSent(request)
      const input = v1EntryChange.parse(fields)
      await changeEntry(ctx, caller, request.params.id, () => input)
      return show(request, caller, request.params.id)
    })
  }

  addRoute(app, ctx, v1Entries.remove, write, async (request, reply, caller) => {
    await deleteEntry(ctx, caller, request.params.id)
    return reply.code(204).send()
  })

  addRoute(app, ctx, v1Entries.toggle, write, async (request, _reply, caller) => {
    await changeEntry(ctx, caller, request.params.id, (now) => ({ is_favorite: now.favourite !== true }))
    return show(request, caller, request.params.id)
  })

  addRoute(app, ctx, v1Entries.addImage, upload, async (request, reply, caller) => {
    const { files } = await readSent(request)
    const [file] = files.values()
    if (!file) throw need('image', 'a picture')
    await addPicture(ctx, caller, request.params.id, await keepWhole(ctx, file))
    return reply.code(201).send(await show(request, caller, request.params.id))
  })
}
