import { HybridAuthenticator, HybridClient } from 'fido-hybrid'
import { createAir } from 'fido-hybrid/adapters/air'
import { nobleScanner } from 'fido-hybrid/adapters/noble'
import { nodePlatform } from 'fido-hybrid/node'
import { serveTunnel } from 'fido-hybrid/service'
import { createLab } from 'fido-hybrid/testing'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import { entries } from './entries.js'

const origin = 'https://login.example.com'
const creationOptions = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AQID', name: 'ada@example.com', displayName: 'Ada' },
  challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}

/** In a lab: no sockets. */
async function inLab() {
  const lab = createLab()
  const phone = lab.phone()
  return lab.client().create(creationOptions, { origin, onQr: qr => phone.scan(qr.url) })
}

/** Over a tunnel service with the package `ws`. */
async function overSockets() {
  const service = await serveTunnel({ port: 0 })
  const air = createAir()
  const platform = nodePlatform({ scanner: air.scanner(), advertiser: air.advertiser() })
  const handler = new VirtualAuthenticator({
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    random: platform.random,
  })
  const phone = new HybridAuthenticator({ ...platform, handler, tunnelUrl: service.url })
  const client = new HybridClient({ ...platform, tunnelUrl: service.url })
  const onQr = qr => qr.toTerminal() !== '' && phone.scan(qr.url, { source: 'camera' })
  const response = await client.create(creationOptions, { origin, onQr })
  await service.close()
  return response
}

/** The child process that would hold noble starts, and looks for it. */
function withoutNoble() {
  return new Promise(resolve => {
    nobleScanner().scan({
      started: () => resolve('started'),
      advert: () => undefined,
      failed: error => resolve(error.code),
    })
  })
}

/** In a function: CommonJS has no await outside. */
async function main() {
  const empty = Object.entries(entries).filter(([, exported]) => Object.keys(exported).length === 0)
  const responses = [await inLab(), await overSockets()]
  console.log(
    JSON.stringify({
      entries: Object.keys(entries).length,
      empty: empty.map(([name]) => name),
      registered: responses.map(({ type }) => type),
      noble: await withoutNoble(),
    }),
  )
}

void main()
