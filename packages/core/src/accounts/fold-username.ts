/** The form under which user names are unique. */
export const foldUsername = (name: string): string => name.normalize('NFKC').toLowerCase()
