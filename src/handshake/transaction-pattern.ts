import { KN_PSK0, NK_PSK0 } from '../noise/patterns.js'
import type { HandshakePattern } from '../noise/patterns.js'

/** How the devices found each other: by a QR code, or by a link made earlier. */
export type TransactionKind = 'qr-initiated' | 'state-assisted'

/** The Noise pattern and the prologue of each kind of transaction (protocol.md 8.1). */
export const TRANSACTION_PATTERNS: Readonly<
  Record<TransactionKind, { readonly pattern: HandshakePattern; readonly prologue: Uint8Array }>
> = {
  'qr-initiated': { pattern: KN_PSK0, prologue: Uint8Array.of(1) },
  'state-assisted': { pattern: NK_PSK0, prologue: Uint8Array.of(0) },
}
