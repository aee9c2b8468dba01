import assert from 'node:assert/strict'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { Qr } from '../../src/index.js'
import { alwaysRefuse, createLab, createRelyingParty } from '../../src/testing.js'
import type { LabPhone } from '../../src/testing.js'

// A registration, a sign-in and a refusal with each crypto provider: what the README’s harness does, on the engine that runs this.
for (const crypto of [nodeCryptoProvider, nobleProvider]) {
  const lab = createLab({ crypto })
  const rp = await createRelyingParty({ origin: 'https://login.example.com' })
  const laptop = lab.client()
  const scannedBy = (phone: LabPhone): { origin: string; onQr: (qr: Qr) => Promise<void> } => ({
    origin: rp.origin,
    onQr: async qr => {
      await phone.scan(qr.url)
    },
  })
  const phone = lab.phone()
  const { id } = await rp.register(await laptop.create(await rp.creationOptions(), scannedBy(phone)))
  const signedIn = await rp.signIn(await laptop.get(await rp.requestOptions(), scannedBy(phone)))
  assert.equal(signedIn.id, id)
  const refusing = lab.phone({ consent: alwaysRefuse() })
  const refused = laptop.get(await rp.requestOptions(), scannedBy(refusing))
  await assert.rejects(refused, { name: 'NotAllowedError', stack: /^NotAllowedError: .+\n[^]*ceremonies/ })
  process.stdout.write(`${crypto.name}: registered, signed in, refused\n`)
}
