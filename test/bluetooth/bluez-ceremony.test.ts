import { afterAll, beforeAll, expect, test } from 'vitest'
import { bluezAdvertiser, bluezScanner } from '../../src/adapters/bluez/bluez.js'
import { systemClock, systemRandom } from '../../src/adapters/system/system.js'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { HybridAuthenticator, HybridClient, publicSuffixList } from '../../src/index.js'
import type { ProgressEvent } from '../../src/index.js'
import { alwaysApprove, createRelyingParty, MemoryTunnelService } from '../../src/testing.js'
import { MemoryCredentialStore, VirtualAuthenticator } from '../../src/virtual.js'
import { nobleProvider } from '../../src/wire.js'
import { someQrUrl } from '../support/ceremony-inputs.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'

let bus: PrivateBus
let bluez: MockBluez

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
})

afterAll(async () => {
  await bluez.stop()
  await bus.stop()
})

interface Devices {
  readonly client: HybridClient
  readonly phone: HybridAuthenticator
}

/** A laptop with hci1 and a phone with hci0. */
function devices(): Devices {
  const shared = {
    dialer: new MemoryTunnelService(systemClock, systemRandom),
    crypto: nobleProvider,
    random: systemRandom,
    clock: systemClock,
  }
  const handler = new VirtualAuthenticator({
    crypto: nobleProvider,
    random: systemRandom,
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
  })
  const scanner = bluezScanner({ adapter: 'hci1', busAddress: bus.address })
  const advertiser = bluezAdvertiser({ adapter: 'hci0', busAddress: bus.address })
  return {
    client: new HybridClient({
      ...shared,
      scanner,
      painter: qrcodePainter,
      publicSuffixes: publicSuffixList,
    }),
    phone: new HybridAuthenticator({ ...shared, advertiser, handler }),
  }
}

test('a laptop and a phone register a passkey and sign in with it over BlueZ', async () => {
  const { client, phone } = devices()
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const events: ProgressEvent[] = []
  const scans: Promise<unknown>[] = []
  const phoneFailed = new AbortController()
  const ceremony = {
    origin: rp.origin,
    signal: phoneFailed.signal,
    onQr: (qr: { url: string }) => {
      const scan = phone.scan(qr.url, { source: 'camera' })
      scans.push(scan)
      scan.catch((cause: unknown) => {
        phoneFailed.abort(cause)
      })
    },
    onProgress: (event: ProgressEvent) => void events.push(event),
  }
  const credential = await rp.register(await client.create(await rp.creationOptions(), ceremony))
  expect((await rp.signIn(await client.get(await rp.requestOptions(), ceremony))).id).toBe(credential.id)
  await Promise.all(scans)
  expect(new Set(events.map(({ proximity }) => proximity))).toEqual(new Set(['bluetooth']))
  expect([bluez.sessions, bluez.adverts]).toEqual([{}, {}])
})

test('a ceremony fails with the reason when Bluetooth is off', async () => {
  const { client } = devices()
  bluez.setPowered('hci1', false)
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  await expect(
    client.create(await rp.creationOptions(), { origin: rp.origin, onQr: () => undefined }),
  ).rejects.toMatchObject({ cause: { code: 'bluetooth-off' } })
  bluez.reset()
})

test('a ceremony that is aborted releases the radio', async () => {
  const { client } = devices()
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const abort = new AbortController()
  const creating = client.create(await rp.creationOptions(), {
    origin: rp.origin,
    signal: abort.signal,
    onQr: () => {
      abort.abort()
    },
  })
  await expect(creating).rejects.toMatchObject({ cause: { code: 'aborted' } })
  await expect.poll(() => bluez.sessions).toEqual({})
})

/** Unplugs an adapter for a moment. */
function unplug(adapter: string): void {
  bluez.removeAdapter(adapter)
  setTimeout(() => {
    bluez.addAdapter(adapter)
  }, 200)
}

const ABOUT_THE_RADIO = [
  ['radio-interrupted', 'bluetooth-lost'],
  ['radio-resumed', undefined],
]

function aboutTheRadio(events: readonly ProgressEvent[]): unknown {
  return events
    .filter(({ event }) => event.startsWith('radio-'))
    .map(({ event, error }) => [event, error?.code])
}

test('a registration survives the laptop’s adapter that is gone for a moment, and tells it', async () => {
  const { client, phone } = devices()
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const events: ProgressEvent[] = []
  let url = ''
  let scanning: Promise<unknown> = Promise.resolve()
  const onProgress = (event: ProgressEvent): void => {
    events.push(event)
    if (event.event === 'scanning') unplug('hci1')
    if (event.event === 'radio-resumed') scanning = phone.scan(url, { source: 'camera' })
  }
  const ceremony = { origin: rp.origin, onProgress, onQr: (qr: { url: string }) => void (url = qr.url) }
  await rp.register(await client.create(await rp.creationOptions(), ceremony))
  await scanning
  expect(aboutTheRadio(events)).toEqual(ABOUT_THE_RADIO)
})

test('a phone’s advert survives its adapter that is gone for a moment, and the phone tells it', async () => {
  const { phone } = devices()
  const events: ProgressEvent[] = []
  const enough = new AbortController()
  const onProgress = (event: ProgressEvent): void => {
    events.push(event)
    if (event.event === 'advertising') unplug('hci0')
    if (event.event === 'radio-resumed') enough.abort()
  }
  const scanning = phone.scan(someQrUrl(), { source: 'camera', onProgress, signal: enough.signal })
  await expect(scanning).rejects.toMatchObject({ code: 'aborted' })
  expect(aboutTheRadio(events)).toEqual(ABOUT_THE_RADIO)
  await expect.poll(() => bluez.adverts).toEqual({})
})
