import type * as NodeCrypto from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'

const { keys } = vi.hoisted(() => ({ keys: [] as Buffer[] }))

vi.mock('node:crypto', async importOriginal => {
  const crypto = await importOriginal<typeof NodeCrypto>()
  const createPrivateKey: typeof crypto.createPrivateKey = input => {
    if (typeof input === 'object' && 'key' in input && Buffer.isBuffer(input.key))
      keys.push(Buffer.from(input.key))
    return crypto.createPrivateKey(input)
  }
  return { ...crypto, createPrivateKey }
})

// BoringSSL takes no ECPrivateKey (RFC 5915) without it.
test('the key that signs is handed over with its public point', () => {
  const privateKey = new Uint8Array(32).fill(7)
  expect(nodeCryptoProvider.signEs256?.(privateKey, new Uint8Array(1))).toBeInstanceOf(Uint8Array)
  const point = nodeCryptoProvider.importEcdhKey(privateKey).publicKey
  expect(keys.map(key => key.subarray(-point.length).equals(point))).toEqual([true])
})
