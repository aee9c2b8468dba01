import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import { ProximityError, TunnelError, UnsupportedError } from '../../src/errors.js'
import { firstAdvertiser } from '../../src/adapters/fallback/fallback.js'
import type { BleAdvertiser } from '../../src/ports/ble.js'
import type { DataChannelListener } from '../../src/ports/data-channel.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { createPair } from '../support/pair.js'
import { BLE, finish, meet, TUNNEL } from './meeting.js'

/** A tunnel service that must not hear of anything. */
function silent(asked: string[] = []): TunnelDialer {
  return {
    staysInProcess: true,
    preconnect: url => {
      asked.push(url)
      return { close: () => Promise.resolve() }
    },
    dial: (request, listener) => {
      asked.push(request.url)
      queueMicrotask(() => listener.failed(new TunnelError('tunnel-unreachable', 'offline')))
      return { send: () => undefined, close: () => Promise.resolve() }
    },
  }
}

test.each(['length', 'crlf'] as const)(
  'a ceremony over Bluetooth alone asks no tunnel service for anything (framing %s)',
  async framing => {
    const asked: string[] = []
    const dialer = silent(asked)
    const pair = createPair(
      { dialer, dataChannel: 'ble', preconnect: true, framing },
      { dialer, dataChannel: 'ble', framing },
    )
    const { connection, served, steps } = await meet(pair)
    const { dataChannel, proximity, ...open } = await connection
    expect({ dataChannel, proximity, features: open.features }).toEqual({
      dataChannel: 'ble',
      proximity: 'simulated',
      features: ['ctap'],
    })
    expect(await (await connection).call(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(0, 1, 2, 3))
    await (await connection).close()
    expect(await served).toEqual({ answered: 1, proximity: 'simulated', dataChannel: 'ble' })
    expect(asked).toEqual([])
    expect(steps('client')).toEqual([
      'qr-shown',
      'scanning',
      'advert-seen',
      'channel-connecting',
      'channel-connected',
      'handshake',
      'connected',
      'request-sent',
      'awaiting-user',
      'response',
      'closed',
    ])
    expect(steps('authenticator')).toEqual([
      'advertising',
      'channel-connected',
      'handshake',
      'connected',
      'request-received',
      'response',
      'closed',
    ])
    expect(pair.clock.pending).toBe(0)
  },
)

test('with auto on both sides the phone has a tunnel, the client asks for none, and Bluetooth carries it', async () => {
  const asked: string[] = []
  const { service } = createPair()
  const left: string[] = []
  const watched: TunnelDialer = {
    staysInProcess: true,
    dial: (request, listener) => {
      const tunnel = service.dial(request, listener)
      return {
        send: () => left.push('sent'),
        close: () => {
          left.push('closed')
          return tunnel.close()
        },
      }
    },
  }
  const client = { dialer: silent(asked), dataChannel: 'auto', preconnect: true } as const
  const meeting = await meet(createPair(client, { dataChannel: 'auto', dialer: watched }))
  await meeting.connection
  expect(left).toEqual(['closed'])
  expect(await finish(meeting)).toEqual(BLE)
  expect(left).toEqual(['closed'])
  expect(asked).toEqual([])
  expect(meeting.steps('authenticator')).toContain('tunnel-connected')
})

test('with ble on both sides, a simulated radio needs no tunnel service on loopback', async () => {
  const tunnels = silent()
  const dialer: TunnelDialer = { dial: (request, listener) => tunnels.dial(request, listener) }
  const both = { dialer, dataChannel: 'ble' } as const
  expect(await finish(await meet(createPair(both, both)))).toEqual(BLE)
})

test('with auto, a phone that is offline is met over Bluetooth', async () => {
  const pair = createPair({ dataChannel: 'auto' }, { dataChannel: 'auto', dialer: silent() })
  expect(await finish(await meet(pair))).toEqual(BLE)
})

test('with auto, a phone whose tunnel service does not answer advertises after three seconds', async () => {
  const mute: TunnelDialer = {
    staysInProcess: true,
    dial: () => ({ send: () => undefined, close: () => Promise.resolve() }),
  }
  const pair = createPair({ dataChannel: 'auto' }, { dataChannel: 'auto', dialer: mute })
  const meeting = await meet(pair)
  await pair.clock.advance(2999)
  expect(meeting.steps('authenticator')).not.toContain('advertising')
  await pair.clock.advance(1)
  expect(await finish(meeting)).toEqual(BLE)
})

test.each([
  ['the client offers none', undefined, 'auto'],
  ['the phone takes none', 'auto', undefined],
  ['neither knows of them', undefined, undefined],
] as const)('where %s, the tunnel carries it', async (_, client, phone) => {
  const pair = createPair({ dataChannel: client }, { dataChannel: phone })
  expect(await finish(await meet(pair))).toEqual(TUNNEL)
})

test('a phone that cannot listen after all is met in the tunnel, and names no channel', async () => {
  const dataChannelListener: DataChannelListener = {
    proximity: 'simulated',
    listen: listening => {
      queueMicrotask(() => listening.failed(new ProximityError('channel-unreachable', 'no socket')))
      return { stop: () => Promise.resolve() }
    },
  }
  const pair = createPair({ dataChannel: 'auto' }, { dataChannel: 'auto', dataChannelListener })
  const meeting = await meet(pair)
  expect(await finish(meeting)).toEqual(TUNNEL)
  expect(meeting.steps('client')).not.toContain('channel-connecting')

  const alone = await meet(createPair({ dataChannel: 'ble' }, { dataChannel: 'ble', dataChannelListener }))
  await expect(alone.served).rejects.toMatchObject({ code: 'channel-unreachable' })
})

test.each([0, 0x100, 0x1001, -1, NaN])(
  'a phone whose listener has PSM %d, which no advert may name, is met in the tunnel',
  async psm => {
    let isListening = true
    const dataChannelListener: DataChannelListener = {
      proximity: 'simulated',
      listen: listening => {
        queueMicrotask(() => listening.started(psm))
        return {
          stop: () => {
            isListening = false
            return Promise.resolve()
          },
        }
      },
    }
    const meeting = await meet(
      createPair({ dataChannel: 'auto' }, { dataChannel: 'auto', dataChannelListener }),
    )
    expect(await finish(meeting)).toEqual(TUNNEL)
    expect(isListening).toBe(false)
    const alone = await meet(createPair({ dataChannel: 'ble' }, { dataChannel: 'ble', dataChannelListener }))
    await expect(alone.served).rejects.toMatchObject({ code: 'advertise-failed' })
  },
)

test('an advertiser that takes no connections leads to the tunnel', async () => {
  const air = createAir()
  const { advertiser: inner } = air.device()
  const advertiser: typeof inner = {
    proximity: 'simulated',
    advertise: (serviceData, listener, options) => {
      if (options?.connectable !== true) return inner.advertise(serviceData, listener)
      queueMicrotask(() => listener.failed(new UnsupportedError('capability-missing', 'not connectable')))
      return { stop: () => Promise.resolve() }
    },
  }
  const pair = createPair(
    { dataChannel: 'auto', scanner: air.scanner() },
    { dataChannel: 'auto', advertiser },
  )
  expect(await finish(await meet(pair))).toEqual(TUNNEL)

  const alone = await meet(createPair({ dataChannel: 'ble' }, { dataChannel: 'ble', advertiser }))
  await expect(alone.served).rejects.toMatchObject({ code: 'capability-missing' })
})

test('where the first of two advertisers is not there, and the second takes no connections, the tunnel carries it', async () => {
  const air = createAir()
  const { advertiser: inner } = air.device()
  const absent: BleAdvertiser = {
    proximity: 'simulated',
    advertise: (_serviceData, listener) => {
      queueMicrotask(() => listener.failed(new ProximityError('bluetooth-unavailable', 'no bluetoothd')))
      return { stop: () => Promise.resolve() }
    },
  }
  const unconnectable: BleAdvertiser = {
    proximity: 'simulated',
    advertise: (serviceData, listener, options) => {
      if (options?.connectable !== true) return inner.advertise(serviceData, listener)
      queueMicrotask(() => listener.failed(new UnsupportedError('capability-missing', 'no connections')))
      return { stop: () => Promise.resolve() }
    },
  }
  const advertiser = firstAdvertiser(absent, unconnectable)
  const client = { dataChannel: 'auto', scanner: air.scanner() } as const
  expect(await finish(await meet(createPair(client, { dataChannel: 'auto', advertiser })))).toEqual(TUNNEL)
  const { served } = await meet(createPair(client, { dataChannel: 'ble', advertiser }))
  await expect(served).rejects.toMatchObject({
    code: 'capability-missing',
    message: 'no connections; no bluetoothd',
  })
  const neither = firstAdvertiser(absent, absent)
  const alone = await meet(createPair(client, { dataChannel: 'auto', advertiser: neither }))
  await expect(alone.served).rejects.toMatchObject({ message: 'no bluetoothd' })
})

test('a channel that cannot be dialled is replaced by the tunnel with auto, and an error with ble', async () => {
  const nowhere = createAir().device().dataChannelDialer
  const auto = await meet(
    createPair({ dataChannel: 'auto', dataChannelDialer: nowhere }, { dataChannel: 'auto' }),
  )
  expect(await finish(auto)).toEqual(TUNNEL)
  expect(auto.steps('client')).toEqual(expect.arrayContaining(['channel-connecting', 'tunnel-connecting']))

  const asked: string[] = []
  const options = { dataChannel: 'ble', dataChannelDialer: nowhere, dialer: silent(asked) } as const
  const pair = createPair(options, { dataChannel: 'auto' })
  const alone = await meet(pair)
  // The advert may have been a liar's: the phone's is listened for.
  await pair.clock.advance(4999)
  expect(alone.steps('client')).not.toContain('closed')
  await pair.clock.advance(1)
  await expect(alone.connection).rejects.toMatchObject({ code: 'channel-unreachable' })
  expect(asked).toEqual([])
})

test.each([
  ['length', 'crlf'],
  ['crlf', 'length'],
] as const)('a phone that frames by %s ends a channel whose client frames by %s', async (theirs, mine) => {
  const pair = createPair({ dataChannel: 'ble', framing: mine }, { dataChannel: 'ble', framing: theirs })
  const meeting = await meet(pair)
  await expect(meeting.connection).rejects.toMatchObject({ code: 'peer-closed', stage: 'handshake' })
  expect(meeting.steps('authenticator')).not.toContain('handshake')
})

test('ble needs a client that dials, a phone that listens, and a code that offers it', async () => {
  const reason = new UnsupportedError('capability-missing', 'no L2CAP here')
  for (const missing of [undefined, reason]) {
    expect(() => createPair({ dataChannel: 'ble', dataChannelDialer: missing })).toThrow(UnsupportedError)
    expect(() => createPair({}, { dataChannel: 'ble', dataChannelListener: missing })).toThrow(
      UnsupportedError,
    )
  }
  expect(() => createPair({ dataChannel: 'ble', dataChannelDialer: reason })).toThrow(reason)

  const { served } = await meet(createPair({}, { dataChannel: 'ble' }))
  await expect(served).rejects.toMatchObject({ code: 'channel-unreachable' })
  const { connection } = await meet(createPair({ dataChannel: 'ble' }, {}))
  await expect(connection).rejects.toMatchObject({ code: 'channel-unreachable' })
})

test('auto is the tunnel where a machine cannot', async () => {
  const reason = new UnsupportedError('capability-missing', 'no L2CAP here')
  const client = { dataChannel: 'auto', dataChannelDialer: reason } as const
  const pair = createPair(client, { dataChannel: 'auto', dataChannelListener: undefined })
  expect(await finish(await meet(pair))).toEqual(TUNNEL)
})

test('data channels of another radio than the adverts are refused', async () => {
  const { dataChannelDialer, dataChannelListener } = createAir().device()
  const mixed = [
    createPair({
      dataChannel: 'auto',
      dataChannelDialer: { ...dataChannelDialer, proximity: 'bluetooth' },
      allowUnprovenProximity: true,
    }),
    createPair(
      {},
      { dataChannel: 'auto', dataChannelListener: { ...dataChannelListener, proximity: 'bluetooth' } },
    ),
  ] as const
  await expect(mixed[0].client.connect({ onQr: () => undefined })).rejects.toMatchObject({
    code: 'proximity-unproven',
  })
  const { served } = await meet({ ...mixed[1], client: createPair({ dataChannel: 'auto' }).client })
  await expect(served).rejects.toMatchObject({ code: 'proximity-unproven' })
})
