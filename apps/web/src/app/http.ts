import { AppError, errorFromProblem } from '@biologidex/core/errors'
import { PROTOCOL, PROTOCOL_HEADER } from '@biologidex/core/protocol'

/** No answer from the server of this app: no network, or something else answered (a proxy's page). */
export class NoAnswer extends Error {
  constructor() {
    super('No answer from the server.')
    this.name = 'NoAnswer'
  }
}

async function body(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    throw new NoAnswer()
  }
}

/** What a request carries: a file as it is, anything else as JSON. */
function contentOf(input: object | undefined): Pick<RequestInit, 'body' | 'headers'> {
  const headers = { accept: 'application/json', [PROTOCOL_HEADER]: String(PROTOCOL) }
  if (input === undefined) return { headers }
  if (input instanceof Blob)
    return { headers: { ...headers, 'content-type': input.type || 'application/octet-stream' }, body: input }
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(input) }
}

/**
 * One request of the shell to its server, with the session's cookie. Rejects with AppError (the server's code) or NoAnswer.
 * Only accounts use it: content goes through the engine.
 * @param signal when it aborts, that counts as no answer
 */
export async function request(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  input?: object,
  signal?: AbortSignal,
): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(signal ? { signal } : {}),
      ...contentOf(input),
    })
  } catch {
    throw new NoAnswer()
  }
  const answer = await body(response)
  if (response.ok) return answer
  throw errorFromProblem(answer) ?? (response.status >= 500 ? new AppError('unavailable') : new NoAnswer())
}
