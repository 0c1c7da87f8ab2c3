import { say } from '../ui/toast.ts'
import { t } from './i18n.tsx'
import { sessions } from './session.tsx'

/** Files that somebody chose while the screen that they were for went: its session ended, or it was left. */
interface Left {
  readonly account: string
  readonly files: readonly File[]
}

/** In memory only: where a session ended nothing can be sealed. */
let left: Left | undefined

/** Whoever closes the page now is asked by the browser: the files are nowhere else in the app. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** Keeps files at hand for the next capture of the account that chose them, and says so. */
export function leaveFiles(account: string, files: readonly File[]): void {
  const now = sessions.session
  const isTheirs = 'account' in now && now.account === account
  if (files.length === 0 || !isTheirs) return
  left = { account, files: left?.account === account ? [...left.files, ...files] : files }
  addEventListener('beforeunload', ask)
  say({ id: 'left-files', text: t('capture.left', { count: left.files.length }), stays: true })
}

/** Hands the files that were left to the capture that takes them. */
export function takeLeftFiles(account: string): readonly File[] {
  const files = left?.account === account ? left.files : []
  forgetLeftFiles()
  return files
}

/** Lets them go: whoever chose them has left this device, or somebody else is here. */
export function forgetLeftFiles(): void {
  left = undefined
  removeEventListener('beforeunload', ask)
}

/** Fields whose choosing is open: a browser hands files to one that is off the page too, if it is still there. */
const choosing = new Set<HTMLInputElement>()

/** Hears what is chosen in a file field even if that has left the page with its screen by then. */
export function hearLate(input: HTMLInputElement, account: string): void {
  input.addEventListener('click', () => choosing.add(input))
  input.addEventListener('cancel', () => choosing.delete(input))
  input.addEventListener('change', () => {
    choosing.delete(input)
    if (!input.isConnected) leaveFiles(account, [...(input.files ?? [])])
  })
}
