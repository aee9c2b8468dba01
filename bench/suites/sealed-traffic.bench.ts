import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { nobleProvider } from 'fido-hybrid/wire'
import type { Suite } from '../harness/group.js'
import { sealAndOpen } from './handshake/traffic.js'

/** Message lengths in bytes, and what is demanded of the speed against bare cipher calls. */
const SIZES: readonly (readonly [bytes: number, atLeast?: number])[] = [[32], [256, 0.75], [1024], [16_384]]
const [NODE, NOBLE, BARE] = ['fido-hybrid, node', 'fido-hybrid, noble', 'bare cipher and decipher']

/** One message through a tunnel: sealed on one side, opened on the other. Noble comes last, as programs have one provider. */
export const measure: Suite = async context => {
  for (const [bytes, atLeast] of SIZES)
    await context.group({
      name: `${bytes} B`,
      title: `Seal and open a message of ${bytes} B`,
      variants: [
        { name: NODE, run: sealAndOpen(nodeCryptoProvider, bytes) },
        { name: BARE, run: bareSealAndOpen(bytes) },
      ],
      claims: [{ of: NODE, against: BARE, ...(atLeast !== undefined && { atLeast }) }],
    })
  for (const [bytes] of SIZES)
    await context.group({
      name: `${bytes} B, providers`,
      title: `Seal and open a message of ${bytes} B, on either provider`,
      variants: [
        { name: NODE, run: sealAndOpen(nodeCryptoProvider, bytes) },
        { name: NOBLE, run: sealAndOpen(nobleProvider, bytes) },
      ],
      claims: [{ of: NODE, against: NOBLE }],
    })
}

const PADDED_TO = 32

/** The same number of bytes on the wire, without padding, counter, copies or anything else. */
function bareSealAndOpen(bytes: number): () => void {
  const key = createSecretKey(randomBytes(32))
  const nonce = new Uint8Array(12)
  const padded = randomBytes(Math.floor(bytes / PADDED_TO + 1) * PADDED_TO)
  return () => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const sealed = cipher.update(padded)
    cipher.final()
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAuthTag(cipher.getAuthTag())
    decipher.update(sealed)
    decipher.final()
  }
}
