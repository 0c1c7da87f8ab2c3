/** The folders of a checkout that the web app's build reads, and the one it writes. */
export interface WebFolders {
  readonly sources: readonly string[]
  readonly dist: string
}
export declare function webFolders(root: string): WebFolders
/** Whether the build is there and younger than all it was made from. */
export declare function isBuilt({ sources, dist }: WebFolders): Promise<boolean>
/** Writes `.br` and `.gz` beside each text file of the build: the server prefers them, and compresses nothing itself. */
export declare function compressFiles(dist: string): Promise<void>
/**
 * Builds the web app of a checkout, in a process of its own, so that the server started after it does not carry its memory.
 * @throws Error with what the build said, when it fails
 */
export declare function buildWeb(root: string): Promise<void>
