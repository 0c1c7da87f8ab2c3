/** What `biologidex mirror` ends with, beside 0 (all is there) and 1 (anything else went wrong). */
export const EXIT = {
  /** Somebody has to sign in, or another account is signed in. */
  signIn: 2,
  /** The server could not be reached, or the line broke: what is there is whole, the next run goes on. */
  network: 3,
  /** Something is not there: a picture that could not be had, a file of one's own in the way. */
  incomplete: 4,
  /** Ctrl-C. */
  stopped: 130,
} as const
