import { UnsupportedError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import { dialFailure } from './failure.js'
import { trySocket } from './l2cap-sockets.js'
import { loadSystemCalls } from './system-calls.js'

/** Why data channels cannot be made here; undefined where they can, as far as can be seen without a phone. */
export async function whyNoL2cap(): Promise<HybridError | undefined> {
  if (process.platform !== 'linux') return notLinux(process.platform)
  try {
    trySocket(await loadSystemCalls())
    return undefined
  } catch (cause) {
    return dialFailure(cause)
  }
}

export function notLinux(platform: string): UnsupportedError {
  return new UnsupportedError(
    'capability-missing',
    `data channels over Bluetooth need Linux, not ${platform}`,
  )
}
