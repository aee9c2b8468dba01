import type { ClientOptions } from 'ws'
import type { TunnelRequest } from '../../ports/tunnel-dialer.js'
import { timerDelay } from '../sockets/timer-delay.js'
import { trustIn } from './trust.js'
import type { Trust, TrustSettings } from './trust.js'

export interface UpgradeSettings extends TrustSettings {
  readonly maxMessageBytes: number
  readonly closeTimeoutMs: number
}

/** A message may come in this many pieces, and one more for each 256 bytes: network packets are larger than that. */
const FREE_PIECES = 128
const BYTES_A_PIECE = 256
/** The peers known send each message as one frame. */
const MAX_FRAGMENTS = 64

/** What the library is to do to open one WebSocket. */
export function upgradeOptions(
  url: URL,
  { headers }: TunnelRequest,
  settings: UpgradeSettings,
): ClientOptions & { closeTimeout: number } {
  const { maxMessageBytes, closeTimeoutMs } = settings
  const namesOrigin = Object.keys(headers).some(name => name.toLowerCase() === 'origin')
  // Node takes the whole; the types of `ws` have an older form of `checkServerIdentity`.
  const trust: Omit<Trust, 'checkServerIdentity'> = trustIn(url, settings)
  return {
    headers: { ...headers },
    // Chromium sends it, and a service may demand it (protocol.md 7.2).
    ...(namesOrigin ? {} : { origin: `${url.protocol}//${url.host}` }),
    ...trust,
    maxPayload: maxMessageBytes,
    // The library keeps each piece as it came, which costs far more memory than its bytes.
    maxBufferedChunks: FREE_PIECES + Math.ceil(maxMessageBytes / BYTES_A_PIECE),
    maxFragments: MAX_FRAGMENTS,
    // Compression cannot make ciphertext smaller.
    perMessageDeflate: false,
    closeTimeout: timerDelay(closeTimeoutMs),
  }
}
