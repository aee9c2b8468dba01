import { randomBytes } from 'node:crypto'
import type { CryptoProvider } from 'fido-hybrid'
import { parties } from './parties.js'

/** One message, sealed by the client and opened by the phone. */
export function sealAndOpen(crypto: CryptoProvider, bytes: number): () => void {
  const message = new Uint8Array(randomBytes(bytes))
  const { start, answer } = parties(crypto, 'qr-initiated')
  const client = start(crypto.generateEcdhKey())
  const phone = answer(crypto.generateEcdhKey(), client.message1)
  const traffic = client.finish(phone.message2)
  return () => void phone.traffic.open(traffic.seal(message))
}
