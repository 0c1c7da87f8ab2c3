import type { Readable } from 'node:stream'
import { AppError, type ErrorCode } from '@biologidex/core/errors'
import type { PictureType } from '@biologidex/core/images/image'
import { SNIFF_BYTES } from '@biologidex/core/images/sniff'
import { LIMITS } from '@biologidex/core/limits'
import type { BlobDraft } from '../../blobs/blob-store.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/db.ts'
import type { ImagesTable, UploadsTable } from '../../db/tables.ts'
import { originalKept } from './images.rules.ts'
import { receiveImage, refuseImage } from './images.service.ts'
import { findImage, imagesWithChecksum } from './images.store.ts'
import { Turns } from './turns.ts'
import { firstBytes, judged, piecesOf, typeOf } from './uploads.bytes.ts'
import { deleteUploads, findUpload, insertUpload, setOffset } from './uploads.store.ts'

/** How far an upload has come: `offset` bytes are durable. It is `size` only when the picture is kept and on its entry. */
export interface Standing {
  readonly offset: number
  readonly size: number
}

/** A part of a picture on its way in. */
export interface Part {
  readonly offset: number
  readonly body: Readable
  /** Of the body, when it was said. */
  readonly length: number | undefined
}

const complete = ({ size }: ImagesTable): Standing => ({ offset: size, size })

/**
 * Uploads of announced pictures (I2): at most one for each image, found by it. The draft's length on disk is the truth
 * about what has arrived; the row's offset follows it and reaches the size only once the checksum is verified.
 */
export class Uploads {
  readonly #ctx: Context
  readonly #turns = new Turns()

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  /**
   * Begins an image's upload, or answers where the one that is there stands.
   * @throws AppError `missing_target` when no such image was announced, `picture_too_large`, `invalid_input` for another size
   */
  async create(owner: string, id: string, size: number): Promise<Standing> {
    if (size > LIMITS.pictureBytes) throw new AppError('picture_too_large', { bytes: LIMITS.pictureBytes })
    return this.#turns.take(`${owner}/${id}`, async () => {
      const image = await findImage(this.#ctx.db.read, owner, id)
      if (!image) throw new AppError('missing_target', { image: id })
      if (size !== image.size) throw new AppError('invalid_input', { header: 'Upload-Length', announced: image.size })
      if (image.state === 'waiting' && !(await this.#live(image))) {
        if (await this.#takeFromTwin(image)) return complete(image)
        await this.#ctx.db.write((tx) => begin(tx, image))
      }
      return this.#standing(image)
    })
  }

  /**
   * Where an upload stands.
   * @throws AppError `not_found`; `upload_gone`, also where a picture was turned away: creation tells why
   */
  standing(owner: string, id: string): Promise<Standing> {
    return this.#turns.take(`${owner}/${id}`, async () => {
      const image = await this.#find(owner, id)
      try {
        return await this.#standing(image)
      } catch (error) {
        // The answer to HEAD has no body that could carry a code.
        throw error instanceof AppError ? new AppError('upload_gone') : error
      }
    })
  }

  /**
   * Takes a part. What it brought is durable when this resolves; when the part is the last, the picture is verified,
   * kept, and on its entry.
   * @throws AppError `upload_state` at another offset, `too_large`, or why the picture was turned away
   */
  append(owner: string, id: string, part: Part): Promise<Standing> {
    return this.#turns.take(`${owner}/${id}`, async (signal) => {
      const image = await this.#find(owner, id)
      const { offset, size } = await this.#standing(image)
      if (part.offset !== offset) throw new AppError('upload_state', { offset })
      if (part.length !== undefined && part.length > size - offset) throw new AppError('too_large', { limit: size - offset })
      const upload = offset < size ? await this.#live(image) : undefined
      if (!upload) return { offset, size }
      const draft = this.#ctx.blobs.draft(upload.id)
      const length = await this.#write(image, draft, part, signal)
      if (length === size) return this.#finish(image, upload, draft)
      await this.#note(upload, draft, length)
      return { offset: length, size }
    })
  }

  /** Gives an upload up: its bytes are dropped, its image waits for another. @throws AppError `not_found`, `upload_gone` */
  terminate(owner: string, id: string): Promise<void> {
    return this.#turns.take(`${owner}/${id}`, async () => {
      const image = await this.#find(owner, id)
      const upload = await this.#live(image)
      if (!upload) throw new AppError('upload_gone')
      await this.#ctx.db.write((tx) => deleteUploads(tx, owner, id))
      await this.#ctx.blobs.draft(upload.id).drop()
    })
  }

  async #find(owner: string, id: string): Promise<ImagesTable> {
    const image = await findImage(this.#ctx.db.read, owner, id)
    if (!image) throw new AppError('not_found')
    return image
  }

  /** The image's upload. One of another size is of an earlier image with this id. */
  async #live(image: ImagesTable): Promise<UploadsTable | undefined> {
    const upload = await findUpload(this.#ctx.db.read, image.owner_id, image.id)
    return upload?.size === image.size ? upload : undefined
  }

  /** Where an upload stands, having ended it when all of it is there: the process died before it could. */
  async #standing(image: ImagesTable): Promise<Standing> {
    if (originalKept(image)) return complete(image)
    if (image.state === 'failed') throw new AppError((image.reason ?? 'internal') as ErrorCode)
    const upload = await this.#live(image)
    if (!upload) throw new AppError('upload_gone')
    const draft = this.#ctx.blobs.draft(upload.id)
    const length = await draft.length()
    if (length === upload.size) return this.#finish(image, upload, draft)
    // Verified, and the draft gone: it was kept. The announced checksum alone would not be enough (I3).
    const kept = length === 0 && upload.offset === upload.size && (await this.#ctx.blobs.settle(image.sha256))
    if (kept) return this.#receive(image, typeOf(await firstBytes(this.#ctx.blobs.read(image.sha256), SNIFF_BYTES)))
    return { offset: length, size: upload.size }
  }

  async #write(image: ImagesTable, draft: BlobDraft, part: Part, signal: AbortSignal): Promise<number> {
    const head = await draft.head(SNIFF_BYTES)
    try {
      return await draft.append(part.offset, judged(head, piecesOf(part.body, signal)), image.size)
    } catch (error) {
      return this.#turnAwayIfRefused(image, draft, error)
    }
  }

  /** All bytes are there: verifies and keeps them, and puts the picture on its entry. */
  async #finish(image: ImagesTable, upload: UploadsTable, draft: BlobDraft): Promise<Standing> {
    const type = await this.#judge(image, draft)
    if ((await draft.sha256()) !== image.sha256) {
      const ended = await this.#ctx.db.write((tx) => deleteUploads(tx, image.owner_id, image.id))
      await draft.drop()
      throw new AppError(ended.length > 0 ? 'checksum_mismatch' : 'upload_gone')
    }
    await this.#note(upload, draft, upload.size)
    if (!(await draft.keep(image.sha256))) throw new AppError('checksum_mismatch')
    return this.#receive(image, type)
  }

  /** Notes what is durable. An upload whose image was put into the bin meanwhile leaves nothing behind. */
  async #note(upload: UploadsTable, draft: BlobDraft, offset: number): Promise<void> {
    if (await this.#ctx.db.write((tx) => setOffset(tx, upload.id, offset))) return
    await draft.drop()
    throw new AppError('upload_gone')
  }

  async #judge(image: ImagesTable, draft: BlobDraft): Promise<PictureType> {
    try {
      return typeOf(await draft.head(SNIFF_BYTES))
    } catch (error) {
      return this.#turnAwayIfRefused(image, draft, error)
    }
  }

  async #turnAwayIfRefused(image: ImagesTable, draft: BlobDraft, error: unknown): Promise<never> {
    const refused = error instanceof AppError && (error.code === 'not_a_picture' || error.code === 'picture_type_refused')
    if (refused) {
      await this.#ctx.db.write(async (tx) => {
        if (!(await tx.lockOwner(image.owner_id))) return
        await deleteUploads(tx, image.owner_id, image.id)
        await refuseImage(tx, this.#ctx, image, error.code)
      })
      await draft.drop()
    }
    throw error
  }

  async #receive(image: ImagesTable, type: PictureType): Promise<Standing> {
    const received = await this.#ctx.db.write(async (tx) => {
      if (!(await tx.lockOwner(image.owner_id))) return false
      await deleteUploads(tx, image.owner_id, image.id)
      return receiveImage(tx, this.#ctx, image, type)
    })
    // Deleted while it was on its way up.
    if (!received) throw new AppError('upload_gone')
    return complete(image)
  }

  /** Does without the bytes when the same owner has sent them before, with another picture: never with another's (I3). */
  async #takeFromTwin(image: ImagesTable): Promise<boolean> {
    if (!(await this.#ctx.blobs.has(image.sha256))) return false
    return this.#ctx.db.write(async (tx) => {
      if (!(await tx.lockOwner(image.owner_id))) return false
      const twins = await imagesWithChecksum(tx.q, image.owner_id, image.sha256)
      const twin = twins.find((one) => one.size === image.size && originalKept(one))
      return twin ? receiveImage(tx, this.#ctx, image, twin.media_type as PictureType) : false
    })
  }
}

/** Makes the image's upload; another server may have done so meanwhile. */
async function begin(tx: Tx, image: ImagesTable): Promise<void> {
  if (!(await tx.lockOwner(image.owner_id))) throw new AppError('upload_gone')
  const there = await findUpload(tx.q, image.owner_id, image.id)
  if (there?.size === image.size) return
  await deleteUploads(tx, image.owner_id, image.id)
  await insertUpload(tx, image)
}
