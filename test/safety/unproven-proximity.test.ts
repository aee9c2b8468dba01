import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { MemoryPhoneIdentityStore } from '../../src/adapters/stores/memory-phone-identity-store.js'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemClock, systemRandom } from '../../src/adapters/system/system.js'
import { HybridAuthenticator } from '../../src/authenticator/hybrid-authenticator.js'
import { HybridClient } from '../../src/client/hybrid-client.js'
import { TunnelError } from '../../src/errors.js'
import type { Proximity } from '../../src/ports/ble.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { encodeQrUrl } from '../../src/qr/url.js'
import { qrSecret } from '../../src/bytes/brands.js'
import { createLab } from '../../src/testing.js'
import { echo } from '../support/pair.js'
import { sampleLink } from '../support/link-samples.js'

const REFUSED = { kind: 'proximity', code: 'proximity-unproven', fault: 'local' }
const REMOTE = [undefined, 'wss://cable.example.com', 'wss://192.168.1.2:4433', 'wss://127.0.0.1.example.com']
const LOOPBACK = ['ws://127.0.0.1:4433', 'wss://localhost', 'ws://[::1]:1', 'wss://127.9.9.9']

let happened: string[]
let ending: AbortController
beforeEach(() => {
  happened = []
  ending = new AbortController()
})
afterEach(() => ending.abort())

const url = (): string =>
  encodeQrUrl({
    publicKey: nobleProvider.generateEcdhKey().publicKey,
    secret: qrSecret(new Uint8Array(16)),
    knownTunnelServices: 2,
    requestType: 'ga',
  })

interface Setting {
  readonly tunnelUrl?: string | undefined
  readonly proximity?: Proximity
  readonly allowUnprovenProximity?: boolean
}

/** Both roles with ports that note what is asked of them, and fail. */
function devices({ proximity = 'simulated', ...options }: Setting): {
  client: HybridClient
  phone: HybridAuthenticator
} {
  const air = createAir()
  const dialer = {
    dial: () => {
      happened.push('dial')
      throw new TunnelError('tunnel-unreachable', 'nobody there')
    },
  }
  const shared = { dialer, clock: systemClock, random: systemRandom, crypto: nodeCryptoProvider, ...options }
  const scanner = {
    ...air.scanner(),
    proximity,
    scan: () => {
      happened.push('scan')
      throw new TunnelError('tunnel-unreachable', 'deaf')
    },
  }
  const linking = { store: new MemoryPhoneIdentityStore(), name: 'phone' }
  return {
    client: new HybridClient({ ...shared, scanner }),
    phone: new HybridAuthenticator({
      ...shared,
      handler: echo,
      linking,
      advertiser: { ...air.advertiser(), proximity },
    }),
  }
}

const attempts = (setting: Setting): readonly Promise<unknown>[] => {
  const { client, phone } = devices(setting)
  const link = { ...sampleLink(1), tunnelUrl: setting.tunnelUrl }
  return [
    client.connect({ onQr: () => happened.push('qr') }),
    client.connect({ link }),
    phone.scan(url(), { source: 'camera' }),
  ]
}

describe('a simulated radio', () => {
  test.each(REMOTE)('is refused with the tunnel service at %s, before anything happens', async tunnelUrl => {
    for (const attempt of attempts({ tunnelUrl })) await expect(attempt).rejects.toMatchObject(REFUSED)
    const { client, phone } = devices({ tunnelUrl })
    await expect(phone.serve({ signal: ending.signal })).rejects.toMatchObject(REFUSED)
    const options = { challenge: 'AAAAAAAAAAAAAAAAAAAAAA', rpId: 'example.com' }
    const onQr = (): unknown => happened.push('qr')
    await expect(client.get(options, { origin: 'https://example.com', onQr })).rejects.toMatchObject({
      name: 'NotAllowedError',
      cause: REFUSED,
    })
    expect(happened).toEqual([])
  })

  test.each(LOOPBACK)('may play with a tunnel service at %s', async tunnelUrl => {
    for (const attempt of attempts({ tunnelUrl }))
      await expect(attempt).rejects.toMatchObject({ code: 'tunnel-unreachable' })
  })

  test('a link of this machine’s tunnel service is refused when the client dials another', async () => {
    const link = { ...sampleLink(1), tunnelUrl: 'ws://127.0.0.1:1' }
    const { client } = devices({ tunnelUrl: 'wss://cable.example.com' })
    await expect(client.connect({ link })).rejects.toMatchObject(REFUSED)
  })

  test('goes anywhere with allowUnprovenProximity', async () => {
    for (const attempt of attempts({ allowUnprovenProximity: true }))
      await expect(attempt).rejects.toMatchObject({ code: 'tunnel-unreachable' })
  })
})

test('a radio goes anywhere', async () => {
  for (const attempt of attempts({ proximity: 'bluetooth' }))
    await expect(attempt).rejects.toMatchObject({ code: 'tunnel-unreachable' })
})

test('a device of a lab that is given the way out is refused like any other', async () => {
  const lab = createLab()
  const out = { dial: () => expect.unreachable('dialled') }
  const leaving = lab.client({ dialer: out })
  await expect(leaving.connect({ onQr: () => undefined })).rejects.toMatchObject(REFUSED)
})
