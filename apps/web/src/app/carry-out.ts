import { StorageFull } from '@biologidex/client/ports'
import { AppError } from '@biologidex/core/errors'
import { say } from '../ui/toast.ts'
import { t } from './i18n.tsx'

/** Why something could not be stored on this device, in words. */
export function storeFailure(error: unknown, otherwise: 'capture.failed' | 'entry.failed'): string {
  if (error instanceof StorageFull) return t(`${otherwise}.full`)
  return error instanceof AppError ? error.message : t(otherwise)
}

/** Carries out a change and answers whether it is stored; where this device could not store it, that is said, and stays on screen. */
export async function carryOut(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    say({ id: 'not-stored', text: storeFailure(error, 'entry.failed'), stays: true })
    return false
  }
}
