import assert from 'node:assert/strict'
import { HybridAuthenticator, HybridClient } from '../../src/index.js'
import { createAir } from '../../src/adapters/air/air.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import { createRelyingParty } from '../../src/testing.js'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'

interface Tls {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

// A registration over real WebSockets, without TLS and with it, and what a stranger’s certificate gives, on the engine that runs this.
const { RUNTIMES_TLS: tlsText = '{}', RUNTIMES_OTHER_CA: otherCa = '' } = process.env
const tls = JSON.parse(tlsText) as Tls

async function register(url: string, ca: string | undefined): Promise<void> {
  const air = createAir()
  const platform = nodePlatform({ tunnel: { ca }, scanner: air.scanner(), advertiser: air.advertiser() })
  const store = new MemoryCredentialStore()
  const handler = new VirtualAuthenticator({ ...platform, store, consent: alwaysApprove() })
  const phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: url })
  const client = new HybridClient({ ...platform, tunnelUrl: url })
  const rp = await createRelyingParty({ origin: 'https://login.example.com' })
  let served: Promise<unknown> = Promise.resolve()
  const response = await client.create(await rp.creationOptions(), {
    origin: rp.origin,
    onQr: qr => {
      served = phone.scan(qr.url, { source: 'camera' })
      served.catch(() => undefined)
    },
  })
  await rp.register(response)
  await served
}

for (const given of [undefined, tls]) {
  const service = await serveTunnel({ port: 0, tls: given })
  await register(service.url, given?.ca)
  await service.close()
}
process.stdout.write('registered over ws: and wss:\n')

const service = await serveTunnel({ port: 0, tls })
const tunnel = { ca: otherCa }
const platform = nodePlatform({ tunnel, scanner: createAir().scanner() })
const [, finding] = await new HybridClient({ ...platform, tunnelUrl: service.url }).ready()
assert.equal(finding?.code, 'tunnel-untrusted')
await service.close()
process.stdout.write('refused a stranger’s certificate\n')
