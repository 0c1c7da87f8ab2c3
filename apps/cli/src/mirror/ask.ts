import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Refused } from '../refused.ts'
import { EXIT } from './exit.ts'

/** Takes no password longer than this from a program that does not end its line. */
const LONGEST = 10_000

const silent = () => new Writable({ write: (_chunk, _encoding, done) => done() })

/** Asks who sits at the terminal. @param hidden what is typed does not appear */
async function askTerminal(question: string, hidden: boolean): Promise<string> {
  const { stdin, stderr } = process
  const lines = createInterface({ input: stdin, output: hidden ? silent() : stderr, terminal: true })
  const stopped = new Promise<never>((_, reject) => {
    lines.once('SIGINT', () => reject(new Refused('Stopped.', undefined, EXIT.stopped)))
    lines.once('close', () => reject(new Refused('Nothing was typed.', undefined, EXIT.signIn)))
  })
  try {
    if (hidden) stderr.write(question)
    return await Promise.race([lines.question(hidden ? '' : question), stopped])
  } finally {
    lines.removeAllListeners('close')
    lines.close()
    if (hidden) stderr.write('\n')
  }
}

/** The first line of standard input. */
async function firstLine(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const piece of process.stdin) {
    text += piece
    if (text.includes('\n') || text.length > LONGEST) break
  }
  return text.split(/\r?\n/)[0] ?? ''
}

/** Asks for one thing to know. @throws Refused saying `option`, where there is nobody to ask */
export function askFor(what: string, option: string): Promise<string> {
  if (process.stdin.isTTY) return askTerminal(`${what}: `, false)
  throw new Refused(`Say ${option} too: there is no terminal to ask at.`, undefined, EXIT.signIn)
}

/** The password: typed unseen at a terminal, else the first line of standard input. @throws Refused when there is none */
export async function askPassword(username: string): Promise<string> {
  const typed = await (process.stdin.isTTY ? askTerminal(`Password of ${username}: `, true) : firstLine())
  if (typed) return typed
  throw new Refused('No password came: type it at a terminal, or give it on standard input.', undefined, EXIT.signIn)
}
