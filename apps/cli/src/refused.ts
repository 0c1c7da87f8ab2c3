/** Why a command did not do what was asked, in a sentence for who typed it. */
export class Refused extends Error {
  /** What the program ends with. */
  readonly exitCode: number
  constructor(message: string, cause?: unknown, exitCode = 1) {
    super(message, { cause })
    this.name = 'Refused'
    this.exitCode = exitCode
  }
}
