/** Every limit that people or programs can run into, in one place; each is enforced where the value enters. */
export const LIMITS = {
  /** Bytes of one original picture. */
  pictureBytes: 50 * 1000 * 1000,
  /** Pixels of one original picture. */
  picturePixels: 100_000_000,
  /** Pictures of one entry. */
  imagesPerEntry: 20,
  noteChars: 10_000,
  nameChars: 200,
  /** Characters of the JSON text of an entry's customizations. */
  customizationsChars: 16_000,
  identificationsPerEntry: 100,
  /** Animals counted in one sighting. */
  count: 1_000_000,
  usernameChars: [3, 30],
  passwordChars: [8, 200],
  bioChars: 500,
  /** Friends of one account (G1). */
  friends: 1_000,
  /** Requests of one account that wait for an answer. */
  friendRequests: 200,
  /** Mutations in one push. */
  mutationsPerPush: 500,
  /** Bytes of one push. */
  pushBytes: 4_000_000,
  /** Rows in one chunk of a pull. */
  rowsPerChunk: 500,
  /** Feeds in one pull. */
  feedsPerPull: 1_100,
  /** Days that a deleted entry can be brought back. */
  restoreDays: 30,
  /** Bytes of pictures that a device keeps of what the server has, unless its person says otherwise (I4). */
  cacheBytes: 1_000_000_000,
  /** Days that removals are remembered in a feed (F2). */
  tombstoneDays: 90,
  /** Files in a folder or a zip of an older client's data. */
  importFiles: 100_000,
  /** Bytes of one list of an older client's records. */
  importListBytes: 64_000_000,
  /** Records of older clients in one import. */
  importRecords: 100_000,
  /** Bytes of a zip of an older client's data, and of all that it unpacks to. */
  importZipBytes: 4_000_000_000,
} as const
