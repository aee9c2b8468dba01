import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { decodeCbor } from '../../src/cbor/cbor.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { TunnelError } from '../../src/errors.js'
import type { BleScanner } from '../../src/ports/ble.js'
import type { Clock } from '../../src/ports/clock.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { decodeQrUrl } from '../../src/qr/url.js'
import { createPair, echo } from '../support/pair.js'
import type { Pair } from '../support/pair.js'
import { cases } from '../support/cases.js'

const [QR_URL = ''] = cases<{ url: string }>('chromium-156', 'qr').map(({ url }) => url)

/** One command through a pair; tells what came of it. */
async function ceremony({ client, phone }: Pair): Promise<Uint8Array> {
  const connection = await client.connect({ onQr: qr => phone.scan(qr.url, { source: 'camera' }) })
  try {
    return await connection.call(Uint8Array.of(1))
  } finally {
    await connection.close()
  }
}

describe('a scanner whose stop', () => {
  test.each([
    ['rejects', () => Promise.reject(new Error('StopDiscovery failed'))],
    [
      'throws',
      () => {
        throw new Error('StopDiscovery failed')
      },
    ],
  ])('%s does not harm a ceremony that succeeds', async (_, stop) => {
    const air = createAir()
    const scanner: BleScanner = {
      proximity: 'simulated',
      scan: listener => {
        air.scanner().scan(listener)
        return { stop }
      },
    }
    const { service } = createPair()
    const pair = createPair({ scanner, dialer: service }, { advertiser: air.advertiser(), dialer: service })
    expect(await ceremony(pair)).toEqual(Uint8Array.of(0, 1))
  })
})

describe('what breaks its contract ends the ceremony with its reason:', () => {
  const broken = new Error('broken')

  test('a clock that throws', async () => {
    const { clock } = createPair()
    const failing: Clock = {
      now: () => clock.now(),
      epochSeconds: () => clock.epochSeconds(),
      setAlarm: () => {
        throw broken
      },
    }
    const pair = createPair({ clock: failing })
    await expect(pair.client.connect({ onQr: () => undefined })).rejects.toMatchObject({
      code: 'callback-failed',
      message: 'clock.setAlarm threw',
      cause: broken,
    })
  })

  test('a dialer or a scanner that throws: its own error, if it is one of ours', async () => {
    const insecure = new TunnelError('tunnel-insecure', 'no')
    const dialer = {
      staysInProcess: true,
      dial: () => {
        throw insecure
      },
    }
    await expect(createPair({}, { dialer }).phone.scan(QR_URL, { source: 'camera' })).rejects.toBe(insecure)
    const scanner = {
      proximity: 'simulated',
      scan: () => {
        throw broken
      },
    } as const
    await expect(createPair({ scanner }).client.connect({ onQr: () => undefined })).rejects.toMatchObject({
      code: 'callback-failed',
      message: 'scanner.scan threw',
      cause: broken,
    })
  })

  test('a crypto provider that throws', async () => {
    const crypto = {
      ...nobleProvider,
      decryptBlock: () => {
        throw broken
      },
    }
    const pair = createPair({ crypto })
    await expect(ceremony(pair)).rejects.toMatchObject({
      code: 'callback-failed',
      message: 'a function of the crypto provider threw',
      cause: broken,
    })
  })

  test('a dialer, an advertiser or a getInfo that throws', async () => {
    const throws = (): never => {
      throw broken
    }
    const scan = { source: 'camera' } as const
    const failed = (message: string): object => ({ code: 'callback-failed', message, cause: broken })
    const advertiser = { proximity: 'simulated', advertise: throws } as const
    await expect(createPair({}, { advertiser }).phone.scan(QR_URL, scan)).rejects.toMatchObject(
      failed('advertiser.advertise threw'),
    )
    const dialer = { staysInProcess: true, dial: throws }
    await expect(createPair({}, { dialer }).phone.scan(QR_URL, scan)).rejects.toMatchObject(
      failed('dialer.dial threw'),
    )
    const handler = { ...echo, getInfo: throws }
    await expect(createPair({}, { handler }).phone.scan(QR_URL, scan)).rejects.toMatchObject(
      failed('handler.getInfo threw'),
    )
  })

  test('a tunnel whose send throws', async () => {
    const [air, { service }] = [createAir(), createPair()]
    const send = (): never => {
      throw broken
    }
    const dialer: TunnelDialer = {
      staysInProcess: true,
      dial: (request, listener) => ({ ...service.dial(request, listener), send }),
    }
    const pair = createPair(
      { scanner: air.scanner(), dialer },
      { advertiser: air.advertiser(), dialer: service },
    )
    await expect(ceremony(pair)).rejects.toMatchObject({ message: 'tunnel.send threw', cause: broken })
  })

  test.each([
    ['a promise', () => Promise.resolve(new Uint8Array()) as never],
    ['no CBOR', () => Uint8Array.of(0xff)],
  ])('a handler whose getInfo is %s, before anybody waits for it', async (_, getInfo) => {
    const { phone } = createPair({}, { handler: { ...echo, getInfo } })
    await expect(phone.scan(QR_URL, { source: 'camera' })).rejects.toMatchObject({ code: 'argument-invalid' })
  })
})

describe('options are checked before anybody waits:', () => {
  test.each([
    ['nonsense', 'argument-invalid'],
    ['localhost:4433', 'tunnel-insecure'],
    ['ws://example.com', 'tunnel-insecure'],
    ['http://127.0.0.1', 'tunnel-insecure'],
    ['wss://example.com?x=1', 'argument-invalid'],
    ['wss://user@example.com', 'argument-invalid'],
  ])('tunnelUrl %s is %s', (tunnelUrl, code) => {
    const refusal = expect.objectContaining({ code, fault: 'local' }) as Error
    expect(() => createPair({ tunnelUrl })).toThrow(refusal)
    expect(() => createPair({}, { tunnelUrl })).toThrow(refusal)
  })

  test('an unassigned tunnel service is the caller’s mistake', () => {
    expect(() => createPair({}, { tunnelServiceId: 7 })).toThrow(
      expect.objectContaining({ code: 'argument-invalid', fault: 'local' }) as Error,
    )
  })

  test('an undefined limit is the default, and nonsense is refused', async () => {
    const { client, clock } = createPair()
    const timeouts = { advertMs: undefined } as never
    const timedOut = expect(client.connect({ onQr: () => undefined, timeouts })).rejects.toMatchObject({
      code: 'advert-timeout',
    })
    await clock.advance(120_000)
    await timedOut
    await expect(
      client.connect({ onQr: () => undefined, timeouts: { advertMs: NaN } }),
    ).rejects.toMatchObject({
      code: 'argument-invalid',
    })
    const deep = Uint8Array.from({ length: 70_000 }, () => 0x81)
    expect(() => decodeCbor(deep, { maxDepth: undefined } as never)).toThrow(
      expect.objectContaining({ code: 'cbor-limit' }) as Error,
    )
  })

  test.each(['', 'hello'])('a ca without a certificate is refused: %j', ca => {
    expect(() => wsDialer({ ca })).toThrow(expect.objectContaining({ code: 'argument-invalid' }) as Error)
  })
})

test('a phone that fails in the same process leaves the laptop to its own judgement', async () => {
  const { client, clock } = createPair()
  const phone = (): Promise<never> => Promise.reject(new TunnelError('tunnel-refused', 'the phone’s trouble'))
  const connecting = client.connect({ onQr: phone })
  const failed = expect(connecting).rejects.toMatchObject({ code: 'advert-timeout' })
  await clock.advance(120_000)
  await failed
})

describe('a tunnel that the service ends', () => {
  test.each([
    [1009, 'tunnel-limit'],
    [1008, 'tunnel-limit'],
    [1003, 'tunnel-message-invalid'],
    [1001, 'peer-closed'],
  ])('with close code %i is %s', async (closeCode, code) => {
    const { service } = createPair()
    const dialer: TunnelDialer = {
      staysInProcess: true,
      dial: (request, listener) =>
        service.dial(request, {
          open: headers => listener.open(headers),
          message: () => listener.closed({ code: closeCode, reason: '' }),
          closed: () => undefined,
          failed: error => listener.failed(error),
        }),
    }
    const pair = createPair({ dialer }, { dialer: service })
    await expect(ceremony(pair)).rejects.toMatchObject({ code, closeCode })
  })
})

test('a decoded QR code prints without its secret, and stays good for another try', async () => {
  const payload = decodeQrUrl(QR_URL)
  expect(inspect(payload)).toContain("secret: '[redacted]'")
  expect(JSON.parse(JSON.stringify(payload))).toMatchObject({ secret: '[redacted]', requestType: 'mc' })
  const { phone } = createPair()
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(phone.scan(QR_URL, { source: 'camera', signal: AbortSignal.abort() })).rejects.toMatchObject(
      {
        code: 'aborted',
      },
    )
  }
})
