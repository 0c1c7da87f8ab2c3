/** A file being written: nothing of it can be read until it is kept. */
export interface BlobDraft {
  /**
   * Appends at `offset`, which must be the draft's length; durable when it resolves. Answers the new length. When `bytes`
   * fails, what came before is kept, durably, and the failure goes on.
   * @throws AppError `upload_state` at another offset, `too_large` where the draft would grow past `limit`
   */
  append(offset: number, bytes: AsyncIterable<Uint8Array>, limit: number): Promise<number>
  /** Bytes that are durable. */
  length(): Promise<number>
  /** The first bytes, at most `count`. */
  head(count: number): Promise<Uint8Array>
  /** SHA-256 of the bytes as they stand. */
  sha256(): Promise<string>
  /** Verifies the SHA-256 and keeps the bytes under it, ending the draft; false when they hash to something else. */
  keep(sha256: string): Promise<boolean>
  drop(): Promise<void>
}

/** A blob as a walk through the store finds it; `age` in milliseconds since its bytes last came. */
export interface BlobFound {
  readonly sha256: string
  readonly size: number
  readonly age: number
}

/** A draft that lies there; `age` in milliseconds since it was last written. */
export interface DraftFound {
  readonly name: string
  readonly age: number
}

/**
 * Pictures by the SHA-256 of their bytes, each once (I1). What it says is kept survives a power cut (O8).
 * Implementations: disk; S3 later. One contract suite runs over all of them.
 */
export interface BlobStore {
  /** A draft by its name (an upload's id), made when it is not there. */
  draft(name: string): BlobDraft
  has(sha256: string): Promise<boolean>
  /**
   * Whether it is there, and if so, for good: it survives a power cut from here on, though a process that died may have kept it only
   * so far that it can be seen.
   */
  settle(sha256: string): Promise<boolean>
  /** Keeps bytes that are in memory; answers their SHA-256. */
  put(bytes: Uint8Array): Promise<string>
  size(sha256: string): Promise<number | undefined>
  read(sha256: string): AsyncIterable<Uint8Array>
  readAll(sha256: string): Promise<Uint8Array>
  /** Every blob after a checksum, in their order, read bit by bit. Blobs that come and go meanwhile may be missed. */
  list(after?: string): AsyncIterable<BlobFound>
  /** Every draft, in no order. */
  drafts(): AsyncIterable<DraftFound>
  /**
   * Removes a blob if `mayGo` says so when it can no longer be read: bytes that come at that moment are kept, and where it says no,
   * or fails, the blob is back. False when it stayed or was not there.
   * @param mayGo is given the blob's age, as `list` tells it
   */
  remove(sha256: string, mayGo: (age: number) => Promise<boolean>): Promise<boolean>
}
