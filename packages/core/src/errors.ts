/**
 * Every error that BiologiDex answers, by stable code. The set is closed: a new failure gets a new code here,
 * with its HTTP status and a sentence that says what to do. Clients switch on `code`, never on the words.
 */
export const ERRORS = {
  invalid_input: [400, 'Something in the request is not as it should be. See the details, correct it and send it again.'],
  not_signed_in: [401, 'Sign in to go on.'],
  sign_in_failed: [401, 'User name and password do not match. Check both and try again.'],
  origin_refused: [403, 'This request came from another site and was refused. Open the app itself and try again.'],
  signup_closed: [403, 'New accounts are closed on this server. Ask its admin for one.'],
  password_wrong: [403, 'That is not your current password. Check it and try again.'],
  managed_account: [403, 'A guardian looks after this account: what it keeps is shown to friends at most.'],
  not_found: [404, 'There is nothing here that you may see.'],
  wrong_account: [409, 'Another account is signed in on this device. Sign in again as the one this work belongs to.'],
  username_taken: [409, 'That user name is taken. Choose another.'],
  new_identity: [409, 'This device shares its identity with another one. It takes a new identity and sends again.'],
  upload_state: [409, 'The upload stands elsewhere than the request said. Ask where it stands and go on from there.'],
  account_deleted: [410, 'This account was deleted. Everything of it goes from this device too.'],
  upload_gone: [410, 'This upload is no longer here. Start it again.'],
  reset_spent: [410, 'This link was used already or is too old. Ask the admin of this server for a new one.'],
  too_large: [413, 'This is larger than the server takes. Send less at once.'],
  picture_too_large: [413, 'The picture is larger than 50 MB. Choose a smaller one.'],
  not_a_picture: [415, 'This file is not a picture. Choose a JPEG, PNG, WebP, AVIF, GIF or HEIC.'],
  picture_type_refused: [415, 'This kind of picture is not taken. Choose a JPEG, PNG, WebP, AVIF, GIF or HEIC.'],
  picture_too_many_pixels: [422, 'The picture has more than 100 megapixels. Choose a smaller one.'],
  picture_damaged: [422, 'The picture is damaged and cannot be shown. Its file is kept; choose another picture.'],
  picture_format_later: [422, 'HEIC pictures are kept but cannot be shown yet.'],
  checksum_mismatch: [422, 'The bytes that arrived are not the ones that were announced. Send the picture again.'],
  invalid_mutation: [422, 'This change cannot be carried out as it stands.'],
  missing_target: [422, 'What this change refers to is not on the server.'],
  depends_on_failed: [422, 'This change rests on another that could not be carried out.'],
  protocol_outdated: [426, 'This app is older than the server. Reload it to get the new one; unsent work is kept.'],
  rate_limited: [429, 'Too many requests at once. Wait a moment and try again.'],
  internal: [500, 'The server failed. Nothing that was acknowledged is lost; try again.'],
  unavailable: [503, 'The server is busy or starting. Try again in a moment.'],
} as const satisfies Record<string, readonly [number, string]>

export type ErrorCode = keyof typeof ERRORS

/** RFC 9457 body: `type` is a stable name of the code, `detail` the sentence for people. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  details?: unknown
}

/** The one error of the project. `details` may name fields and limits, never titles, places or tokens. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: unknown
  constructor(code: ErrorCode, details?: unknown, message?: string) {
    super(message ?? ERRORS[code][1])
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
  /** HTTP status of this code. */
  get status(): number {
    return ERRORS[this.code][0]
  }
  /** The problem+json body of this error. */
  toProblem(): Problem {
    const { code, message, status, details } = this
    return { type: `urn:biologidex:error:${code}`, title: code.replaceAll('_', ' '), status, code, detail: message, details }
  }
}

/** Reads an error back from a problem body; undefined when the body is not one of ours (a proxy's page, say). */
export function errorFromProblem(body: unknown): AppError | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined
  const { code, detail, details } = body as { code: unknown; detail?: unknown; details?: unknown }
  if (typeof code !== 'string' || !(code in ERRORS)) return undefined
  return new AppError(code as ErrorCode, details, typeof detail === 'string' ? detail : undefined)
}
