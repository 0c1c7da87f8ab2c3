import { z } from 'zod'
import { sha256, uuid } from '../ids.ts'

export { primaryOf } from './primary.ts'

/** Media types that are kept. All but HEIC are shown too. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/heic'] as const
export const pictureType = z.enum(PICTURE_TYPES)
export type PictureType = z.infer<typeof pictureType>

/** What is made of each original: `wall` fits 512 pixels, `screen` 1,600; both upright, WebP, without metadata. */
export const RENDITIONS = { wall: 512, screen: 1600 } as const
export type RenditionName = keyof typeof RENDITIONS

/** Where a picture stands: its bytes expected, being worked on, there to be shown, or not showable (with the code why). */
export const IMAGE_STATES = ['waiting', 'processing', 'ready', 'failed'] as const
export const imageState = z.enum(IMAGE_STATES)
export type ImageState = z.infer<typeof imageState>

export const rendition = z.object({ sha256, size: z.int().positive() })
export type Rendition = z.infer<typeof rendition>

/** A picture inside its entry, in order. `width` and `height` are the upright picture's; `original` is its owner's alone. */
export const imagePart = z.object({
  id: uuid,
  state: imageState,
  reason: z.string().optional(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  thumbhash: z.string().optional(),
  alt: z.string().optional(),
  position: z.number().optional(),
  original: z.object({ sha256, size: z.int().positive(), type: pictureType }).optional(),
  renditions: z.object({ wall: rendition, screen: rendition }).partial().optional(),
})
export type ImagePart = z.infer<typeof imagePart>
