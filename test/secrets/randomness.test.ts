import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto.js'
import { systemRandom } from '../../src/adapters/system.js'
import type { CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import { nobleProvider } from '../../src/wire.js'

const origin = 'https://login.example.com'

describe('randomness', () => {
  it('comes from the platform alone', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    )
    const source = files.map(name => readFileSync(`src/${name}`, 'utf8')).join('\n')
    expect(source).toMatch(/crypto\.getRandomValues\(/)
    expect(source).not.toMatch(/Math\.random/)
  })

  it.each([nobleProvider, nodeCryptoProvider])(
    'of the caller that repeats itself repeats no key pair ($name)',
    async provider => {
      const { crypto, made } = rememberingKeys(provider)
      const lab = await createLab({ crypto })
      const rp = await createRelyingParty({ origin })
      const client = lab.client({ random: { bytes: length => new Uint8Array(length).fill(7) } })
      const codes: string[] = []
      for (let run = 0; run < 2; run++) {
        const phone = lab.phone()
        const onQr = (qr: { url: string }): Promise<unknown> => {
          codes.push(qr.url)
          return phone.scan(qr.url)
        }
        await rp.register(await client.create(await rp.creationOptions(), { origin, onQr }))
      }
      expect(new Set(codes).size).toBe(2)
      const publicKeys = made.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))
      expect(publicKeys.length).toBeGreaterThan(5)
      expect(new Set(publicKeys).size).toBe(publicKeys.length)
    },
  )
})

it.each([nobleProvider, nodeCryptoProvider])('leaves no key behind ($name)', async provider => {
  const { crypto, made, shared, destroyed } = rememberingKeys(provider)
  const lab = await createLab({ crypto })
  const rp = await createRelyingParty({ origin })
  const phone = lab.phone()
  const onQr = (qr: { url: string }): Promise<unknown> => phone.scan(qr.url)
  await rp.register(
    await lab.client({ random: systemRandom }).create(await rp.creationOptions(), { origin, onQr }),
  )
  expect(made.filter(key => !destroyed.has(key))).toEqual([])
  expect(shared.length).toBe(4)
  expect(shared.filter(secret => secret.some(byte => byte !== 0))).toEqual([])
})

/** A provider that remembers its key pairs, which of them were destroyed, and the buffers of shared secrets. */
function rememberingKeys(inner: CryptoProvider): {
  crypto: CryptoProvider
  made: readonly EcdhKey[]
  destroyed: ReadonlySet<EcdhKey>
  shared: readonly Uint8Array[]
} {
  const made: EcdhKey[] = []
  const destroyed = new Set<EcdhKey>()
  const shared: Uint8Array[] = []
  const remember = (key: EcdhKey): EcdhKey => {
    const remembered: EcdhKey = {
      publicKey: key.publicKey,
      sharedSecret: peer => {
        const secret = key.sharedSecret(peer)
        shared.push(secret)
        return secret
      },
      destroy: () => {
        destroyed.add(remembered)
        key.destroy()
      },
    }
    made.push(remembered)
    return remembered
  }
  return {
    crypto: { ...inner, generateEcdhKey: () => remember(inner.generateEcdhKey()) },
    made,
    destroyed,
    shared,
  }
}
