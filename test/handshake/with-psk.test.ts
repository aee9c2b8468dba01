import { expect, test } from 'vitest'
import { eid, qrSecret } from '../../src/bytes/brands.js'
import { derivePsk } from '../../src/crypto/derive.js'
import { nobleProvider as crypto } from '../../src/crypto/noble-provider.js'
import { withPsk } from '../../src/handshake/with-psk.js'

const [secret, heard] = [qrSecret(new Uint8Array(16)), eid(new Uint8Array(16))]

test('the PSK is there for one use, and wiped, even if that fails', () => {
  const seen: Uint8Array[] = []
  const use = (psk: Uint8Array): Uint8Array => {
    seen.push(psk)
    return psk.slice()
  }
  expect(withPsk(crypto, secret, heard, use)).toEqual(Uint8Array.from(derivePsk(crypto, secret, heard)))
  const failing = (psk: Uint8Array): never => {
    use(psk)
    throw new Error('failed')
  }
  expect(() => withPsk(crypto, secret, heard, failing)).toThrow('failed')
  expect(seen).toEqual([new Uint8Array(32), new Uint8Array(32)])
})
