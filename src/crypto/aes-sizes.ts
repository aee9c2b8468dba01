import { requireBytes } from '../bytes/require-bytes.js'

const KEY_BYTES = 32
const BLOCK_BYTES = 16
const NONCE_BYTES = 12

/** @throws UsageError `argument-invalid` unless the nonce has 12 bytes; AES-GCM would take others. */
export function requireNonce(nonce: Uint8Array): void {
  requireBytes('nonce', nonce, NONCE_BYTES)
}

/** @throws UsageError `argument-invalid` unless the key has 32 bytes and the block 16. */
export function requireBlock(key: Uint8Array, block: Uint8Array): void {
  requireBytes('key', key, KEY_BYTES)
  requireBytes('block', block, BLOCK_BYTES)
}
