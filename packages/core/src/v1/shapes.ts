import { z } from 'zod'

/** Of a list that comes in pages. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ count: z.int(), next: z.string().nullable(), previous: z.string().nullable(), results: z.array(item) })

const time = z.string()

export const v1Animal = z.object({
  id: z.string(),
  scientific_name: z.string(),
  common_name: z.string(),
  kingdom: z.string(),
  phylum: z.string(),
  class_name: z.string(),
  order: z.string(),
  family: z.string(),
  genus: z.string(),
  species: z.string(),
  subspecies: z.string(),
  /** The discovery number; null until somebody's keeping of it may be known. */
  creation_index: z.int().nullable(),
  conservation_status: z.string(),
  verified: z.boolean(),
  description: z.string(),
  habitat: z.string(),
  diet: z.string(),
  interesting_facts: z.array(z.string()),
})
export type V1Animal = z.infer<typeof v1Animal>

/** An entry as sync answers it. `id` is the public id. */
export const v1SyncEntry = z.object({
  id: z.string(),
  animal_id: z.string(),
  creation_index: z.int(),
  scientific_name: z.string(),
  common_name: z.string(),
  owner_username: z.string(),
  /** Empty until the PNG is there. */
  dex_compatible_url: z.string(),
  /** SHA-256 of the bytes at that URL; empty as long as it is. */
  image_checksum: z.string(),
  image_updated_at: time.nullable(),
  /** Null where the reader may not know it, or nobody does. */
  catch_date: time.nullable(),
  is_favorite: z.boolean(),
  updated_at: time,
})
export type V1SyncEntry = z.infer<typeof v1SyncEntry>

/** An entry in full. What is its owner's alone is null to others. */
export const v1Entry = z.object({
  ...v1SyncEntry.shape,
  owner: z.string(),
  animal: z.string(),
  animal_details: v1Animal,
  original_image: z.string().nullable(),
  processed_image: z.string().nullable(),
  location_lat: z.number().nullable(),
  location_lon: z.number().nullable(),
  location_name: z.string(),
  location_coords: z.object({ lat: z.number(), lon: z.number() }).nullable(),
  notes: z.string(),
  customizations: z.record(z.string(), z.json()),
  visibility: z.string().nullable(),
  created_at: time.nullable(),
})
export type V1Entry = z.infer<typeof v1Entry>

export const v1User = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  friend_code: z.string(),
  bio: z.string(),
  avatar: z.string().nullable(),
  badges: z.array(z.json()),
  created_at: time,
  updated_at: time,
  profile: z.object({
    total_catches: z.int(),
    unique_species: z.int(),
    preferred_card_style: z.string(),
    join_date: time,
    last_catch_date: time.nullable(),
  }),
})
export type V1User = z.infer<typeof v1User>

export const v1Person = z.object({ id: z.string(), username: z.string(), avatar: z.string().nullable() })
export type V1Person = z.infer<typeof v1Person>

/** `id`: that of the other account, from which the caller sees it. */
export const v1Friendship = z.object({
  id: z.string(),
  from_user: z.string(),
  from_user_details: v1Person,
  to_user: z.string(),
  to_user_details: v1Person,
  status: z.enum(['pending', 'accepted', 'rejected', 'blocked']),
  created_at: time,
  updated_at: time,
})
export type V1Friendship = z.infer<typeof v1Friendship>

export const v1Friend = z.object({
  ...v1Person.shape,
  friend_code: z.string(),
  total_catches: z.int(),
  unique_species: z.int(),
})
export type V1Friend = z.infer<typeof v1Friend>

export const v1Conversion = z.object({
  id: z.string(),
  download_url: z.string(),
  checksum: z.string(),
  converted_size: z.object({ width: z.int(), height: z.int(), bytes: z.int() }),
  original_size: z.int(),
  original_format: z.string(),
  created_at: time,
  expires_at: time,
})
export type V1Conversion = z.infer<typeof v1Conversion>

/** Until animals are identified by themselves every job is completed at once, with nothing detected, and `error_message` says so. */
export const v1Job = z.object({
  id: z.string(),
  status: z.enum(['pending', 'processing', 'completed', 'failed']),
  conversion_id: z.string(),
  dex_compatible_url: z.string(),
  detected_animals: z.array(z.json()),
  selected_animal_index: z.int().nullable(),
  identified_animal: z.string().nullable(),
  animal_details: v1Animal.nullable(),
  confidence_score: z.number().nullable(),
  error_message: z.string(),
  retry_count: z.int(),
  created_at: time,
  started_at: time,
  completed_at: time,
})
export type V1Job = z.infer<typeof v1Job>

/** Every refusal of v1: `error` is a sentence, `code` the stable one that v2 has for it. */
export const v1Refusal = z.object({ error: z.string(), detail: z.string(), code: z.string(), fields: z.json().optional() })
