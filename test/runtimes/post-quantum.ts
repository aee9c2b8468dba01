import assert from 'node:assert/strict'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { Qr } from '../../src/index.js'
import { createLab, createRelyingParty } from '../../src/testing.js'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isNode = process.versions['bun'] === undefined && process.versions['deno'] === undefined
const hasMlDsa = nodeCryptoProvider.mlDsaKey?.('ML-DSA-44', new Uint8Array(32)) !== undefined
if (isNode) assert.equal(hasMlDsa, major > 24 || (major === 24 && minor >= 7))
const verifies = await crypto.subtle.generateKey('ML-DSA-44', false, ['verify', 'sign']).then(
  () => true,
  () => false,
)

// A registration and a sign-in by this engine’s ML-DSA, and by the package’s, verified by its WebCrypto.
const algorithms = hasMlDsa && verifies ? [-48, -49, -50] : []
const phones = algorithms.flatMap(id =>
  [nodeCryptoProvider, nobleProvider].map(provider => [id, provider] as const),
)
for (const [id, provider] of phones) {
  const lab = createLab({ crypto: provider })
  const rp = await createRelyingParty({ origin: 'https://login.example.com' })
  const phone = lab.phone({ algorithms: [id], attestation: { format: 'packed' } })
  const ceremony = {
    origin: rp.origin,
    onQr: async ({ url }: Qr) => {
      await phone.scan(url)
    },
  }
  const options = await rp.creationOptions({ supportedAlgorithmIDs: [id], attestationType: 'direct' })
  const registered = await rp.register(await lab.client().create(options, ceremony))
  const signedIn = await rp.signIn(await lab.client().get(await rp.requestOptions(), ceremony))
  assert.equal(signedIn.id, registered.id)
}
process.stdout.write(hasMlDsa ? `signs with ML-DSA${verifies ? ', and verifies' : ''}\n` : 'no ML-DSA here\n')
