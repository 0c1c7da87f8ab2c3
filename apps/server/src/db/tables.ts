import type { ColumnType } from 'kysely'

/**
 * The tables as rows. Ids are text (lower-case UUIDs), instants are UTC milliseconds, JSON columns hold text that core's
 * schemas have checked on the way in, flags are 0 or 1: the same in both databases, so that one query serves both.
 */
export interface AccountsTable {
  id: string
  username: string
  username_folded: string
  display_name: string
  email: string | null
  password_hash: string
  friend_code: string
  bio: string | null
  /** JSON of core's Rendition. */
  avatar: string | null
  /** 32 random bytes in hexadecimal: what the account's devices wrap the keys of their stores with (C1). */
  seal: string
  role: string
  /** Who approves the friendships of a managed account; null when that account was deleted: then admins do. */
  guardian_id: string | null
  /** JSON of core's Settings. */
  settings: string
  created_at: number
  /** While its rows are removed: it is nobody's any more. */
  deleted_at: number | null
}

/** Tokens of devices whose account was deleted, as hashes. */
export interface VoidTokensTable {
  token_hash: string
  since: number
}

export interface SessionsTable {
  id: string
  account_id: string
  token_hash: string
  kind: string
  device_name: string
  created_at: number
  last_seen_at: number
}

export interface AnimalsTable {
  id: string
  /** Discovery number; null until somebody keeps it. */
  number: number | null
  scientific_name: string
  rank: string | null
  /** JSON: names by language, synonyms, ranks, iucn, as core's AnimalItem has them. */
  record: string
  /** Copy of the record's IUCN letters, for projections. */
  iucn: string | null
  verified: number
  source: string | null
  source_id: string | null
  first_kept_by: string | null
  first_kept_at: number | null
  rev: number
  /** When its names or ranks changed last, by the database's clock; 0: not since it is here. */
  named_at: number
  /** Key of the species that it is a part of, as a subspecies is; null: of none. */
  species: string | null
}

/** Every name by which an animal is found again: accepted, older, synonym. */
export interface AnimalKeysTable {
  name_key: string
  animal_id: string
}

export interface CountersTable {
  name: string
  value: number
}

export interface EntriesTable {
  owner_id: string
  id: string
  public_id: string
  animal_id: string | null
  /** JSON: the common name that was typed with an animal last, by language, as core's AnimalItem has names; null for none. */
  called: string | null
  /** The animal that is called so: it stays when the entry is of another one, and holds again once it is taken back. */
  called_animal: string | null
  observed: string | null
  place: string | null
  area: string | null
  outing_id: string | null
  count: number | null
  captive: number
  note: string | null
  private_note: string | null
  visibility: string
  favourite: number
  primary_image: string | null
  customizations: string | null
  identifications: string
  /** How many revisions it has; the next one is this plus one. */
  revision: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

export interface RevisionsTable {
  owner_id: string
  entry_id: string
  n: number
  at: number
  device: string
  /** JSON: [{field, was, to}] or [{op}]. */
  changes: string
}

export interface OutingsTable {
  owner_id: string
  id: string
  name: string | null
  note: string | null
  created_at: number
  deleted_at: number | null
}

/** Reset links that were given out; the secret itself is in the link alone. */
export interface PasswordResetsTable {
  token_hash: string
  account_id: string
  expires_at: number
}

/**
 * How an account stands to another: a row for each side, as that side sees it. A declined request leaves only the asker's.
 * `state` is core's FriendState.
 */
export interface FriendshipsTable {
  account_id: string
  other_id: string
  state: string
  since: number
  /** The other's feed for friends. */
  feed_id: number | null
  /** Id of the mutation by which the account asked; null where the other did, or before it was noted. */
  asked_by: string | null
}

/** Whom an account blocked. */
export interface BlocksTable {
  account_id: string
  other_id: string
  since: number
}

export interface ConflictsTable {
  owner_id: string
  id: string
  entry_id: string
  /** JSON of core's ConflictItem. */
  item: string
}

export interface ImagesTable {
  owner_id: string
  id: string
  entry_id: string
  sha256: string
  size: number
  media_type: string
  position: number
  alt: string | null
  state: string
  reason: string | null
  width: number | null
  height: number | null
  thumbhash: string | null
  /** JSON of core's renditions. */
  renditions: string | null
  created_at: number
  /** Removed by its owner; it can be brought back for as long as a deleted entry can. */
  deleted_at: number | null
}

export interface UploadsTable {
  id: string
  owner_id: string
  image_id: string
  size: number
  /** Bytes that are durable. */
  offset: number
  created_at: number
}

/** Checksums of bytes that nothing referred to when it was looked last; `since` when (I5). */
export interface GarbageTable {
  sha256: string
  since: number
}

export interface FeedsTable {
  id: ColumnType<number, number | undefined, never>
  /** Owner of the dex; the empty text for the catalogue. */
  owner_id: string
  kind: string
  epoch: string
  head: number
  floor: number
  /** Items that are present (not removed). */
  live: number
  changed_at: number
  /** How many jobs narrow what it shows just now: while any does, nothing of it is served (W3). */
  closed: ColumnType<number, number | undefined, number>
  /** No row of it was written by a projection older than this (W4). */
  version: number
  /** When a PNG for v1 clients was made last of an entry that it holds. */
  pictured_at: ColumnType<number, number | undefined, number>
  /** Since when it has this epoch (V1). */
  epoch_at: ColumnType<number, number | undefined, number>
}

/** Keys of this server that never leave it. */
export interface SecretsTable {
  name: string
  value: string
}

/** Refresh tokens of v1 clients; each belongs to one session and ends with it. */
export interface V1RefreshTable {
  token_hash: string
  session_id: string
}

/** PNGs of pictures, made for v1 clients. */
export interface V1PicturesTable {
  owner_id: string
  image_id: string
  entry_id: string
  /** Null: none can be made of it. */
  sha256: string | null
  size: number | null
  made_at: number
}

/** Pictures that v1 clients had converted; they are gone after half an hour. */
export interface V1ConversionsTable {
  id: string
  owner_id: string
  sha256: string
  size: number
  width: number
  height: number
  original_size: number
  original_format: string
  created_at: number
  expires_at: number
}

/** Identification jobs of v1 clients. */
export interface V1JobsTable {
  id: string
  owner_id: string
  conversion_id: string
  /** The picture, which outlives its conversion here for as long as the day's sweep lets it. */
  sha256: string
  size: number
  retries: number
  created_at: number
}

/** What an account called an animal when it looked it up by v1: its next entries of it are called so. */
export interface V1NamesTable {
  account_id: string
  animal_id: string
  name: string
}

/** Jobs that hold feeds closed (W3). */
export interface ClosingsTable {
  feed_id: number
  job_id: string
}

/** A feed's compacted log (F2). */
export interface FeedItemsTable {
  feed_id: number
  seq: number
  item: string
  /** The projection as serialized text; null: removed. */
  payload: string | null
  /** The animal that the payload names, so that its record can travel along (F4). */
  animal_id: string | null
  changed_at: number
  /** Version of the projection that wrote the payload (W4). */
  version: number
}

export interface ClientsTable {
  account_id: string
  client_id: string
  last_n: number
}

export interface MutationsTable {
  account_id: string
  client_id: string
  n: number
  /** SHA-256 of the mutation's canonical text: tells a repeat from a clone (O3). */
  content_hash: string
  result: string
}

export interface JobsTable {
  id: string
  kind: string
  payload: string
  run_at: number
  attempts: number
  /** Claimed until then; null when free. */
  claimed_until: number | null
  last_error: string | null
}

export interface AuditTable {
  id: string
  account_id: string
  what: string
  at: number
  address: string | null
}

export interface Tables {
  accounts: AccountsTable
  sessions: SessionsTable
  void_tokens: VoidTokensTable
  animals: AnimalsTable
  animal_keys: AnimalKeysTable
  counters: CountersTable
  entries: EntriesTable
  revisions: RevisionsTable
  conflicts: ConflictsTable
  friendships: FriendshipsTable
  blocks: BlocksTable
  outings: OutingsTable
  password_resets: PasswordResetsTable
  images: ImagesTable
  uploads: UploadsTable
  garbage: GarbageTable
  feeds: FeedsTable
  closings: ClosingsTable
  feed_items: FeedItemsTable
  clients: ClientsTable
  mutations: MutationsTable
  jobs: JobsTable
  audit: AuditTable
  secrets: SecretsTable
  v1_refresh: V1RefreshTable
  v1_pictures: V1PicturesTable
  v1_conversions: V1ConversionsTable
  v1_jobs: V1JobsTable
  v1_names: V1NamesTable
}
