import { setTimeout as sleep } from 'node:timers/promises'
import { HybridAuthenticator, HybridClient } from 'fido-hybrid'
import { createAir } from 'fido-hybrid/adapters/air'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { systemClock, systemRandom } from 'fido-hybrid/adapters/system'
import { wsDialer } from 'fido-hybrid/adapters/ws'
import { serveTunnel } from 'fido-hybrid/service'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { Suite } from '../harness/group.js'
import { selfSigned } from './connecting/certificate.js'
import { slowWire } from './connecting/slow-wire.js'
import { bareRoundTrips } from './registration/bare-round-trips.js'
import type { Way } from './registration/bare-round-trips.js'

const ONE_WAY_MS = 25
/** More than TCP and TLS take: a person needs longer to hold a phone before a screen. */
const UNTIL_SCANNED_MS = 10 * ONE_WAY_MS
const [AHEAD, COLD, ROUND_TRIPS] = ['connected ahead', 'connected then', 'two bare round trips']

/** What people wait for before their phone asks them: the laptop’s service, with TLS, is 25 ms away. */
export const measure: Suite = async context => {
  const tls = await selfSigned()
  const service = await serveTunnel({ port: 0, tls })
  const wire = await slowWire(service.port, ONE_WAY_MS)
  const dialer = wsDialer({ ca: tls.cert })
  const near = { dialer, base: `wss://127.0.0.1:${service.port}` }
  const far = { dialer, base: `wss://127.0.0.1:${wire.port}` }
  try {
    await context.group({
      name: 'waiting',
      title: `A laptop whose tunnel service is ${ONE_WAY_MS} ms away each way, by TCP and TLS: from the advert to connected`,
      unit: 'ms',
      pace: { rounds: context.quick ? 2 : 15 },
      variants: [
        { name: AHEAD, sample: () => fromAdvertToConnected(far, near, true) },
        { name: COLD, sample: () => fromAdvertToConnected(far, near, false) },
        { name: ROUND_TRIPS, sample: () => bareRoundTrips(far, near, 2) },
      ],
      claims: [
        { of: AHEAD, against: ROUND_TRIPS, atMost: 1.05 },
        { of: COLD, against: ROUND_TRIPS, measure: 'cost' },
      ],
    })
  } finally {
    await wire.close()
    await service.close()
  }
}

/** One connection between a laptop and a phone. @returns how long the laptop waited after the advert, ms. */
async function fromAdvertToConnected(laptop: Way, phone: Way, preconnect: boolean): Promise<number> {
  const air = createAir()
  const shared = { crypto: nodeCryptoProvider, clock: systemClock, random: systemRandom }
  const handler = new VirtualAuthenticator({
    ...shared,
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
  })
  const client = new HybridClient({
    ...shared,
    dialer: laptop.dialer,
    tunnelUrl: laptop.base,
    scanner: air.scanner(),
    preconnect,
  })
  const authenticator = new HybridAuthenticator({
    ...shared,
    dialer: phone.dialer,
    tunnelUrl: phone.base,
    advertiser: air.advertiser(),
    handler,
  })
  const at = new Map<string, number>()
  let serving: Promise<unknown> = Promise.resolve()
  const connection = await client.connect({
    onProgress: ({ event }) => void at.set(event, performance.now()),
    onQr: qr => {
      serving = sleep(UNTIL_SCANNED_MS).then(() => authenticator.scan(qr.url, { source: 'camera' }))
      return serving
    },
  })
  await connection.close()
  // To a phone, a client that asks for nothing has failed.
  await serving.catch(() => undefined)
  return (at.get('connected') ?? NaN) - (at.get('advert-seen') ?? NaN)
}
