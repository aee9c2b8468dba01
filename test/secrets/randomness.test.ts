import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { encodeHex } from '../../src/bytes/hex.js'
import type { EcdhKey } from '../../src/crypto/provider.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import { nobleProvider } from '../../src/wire.js'
import { countingProvider } from '../support/counting-provider.js'
import { watchSecrets } from '../support/watched-secrets.js'

const origin = 'https://login.example.com'

describe('randomness', () => {
  it('comes from the platform alone', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    )
    const filesWith = (text: string): string[] =>
      files.filter(name => readFileSync(`src/${name}`, 'utf8').includes(text))
    expect(filesWith('crypto.getRandomValues(')).toContain('adapters/system/system.ts')
    expect(filesWith('Math.random')).toEqual([])
  })

  it.each([nobleProvider, nodeCryptoProvider])(
    'of the caller that repeats itself repeats no key pair ($name)',
    async provider => {
      const publicKeys: string[] = []
      const generateEcdhKey = (): EcdhKey => {
        const key = provider.generateEcdhKey()
        publicKeys.push(encodeHex(key.publicKey))
        return key
      }
      const crypto = { ...provider, generateEcdhKey }
      const lab = createLab({ crypto })
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
      expect(publicKeys.length).toBeGreaterThan(5)
      expect(new Set(publicKeys).size).toBe(publicKeys.length)
    },
  )
})

it.each([nobleProvider, nodeCryptoProvider])('leaves no key behind ($name)', async provider => {
  const { crypto: counted, counts } = countingProvider(provider)
  const watched = watchSecrets(counted)
  const lab = createLab({ crypto: watched.crypto })
  const rp = await createRelyingParty({ origin })
  const phone = lab.phone()
  const onQr = (qr: { url: string }): Promise<unknown> => phone.scan(qr.url)
  await rp.register(
    await lab.client({ random: systemRandom }).create(await rp.creationOptions(), { origin, onQr }),
  )
  expect(counts).toMatchObject({ ecdh: 4 })
  expect(watched.living()).toEqual([])
  expect(watched.unwiped()).toBe(0)
})
