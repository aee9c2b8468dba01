import { expect, test } from 'vitest'
import { deferred } from '../../src/async/deferred.js'
import { qrSecret, tunnelServiceId } from '../../src/bytes/brands.js'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { AuthenticatorDriver } from '../../src/driver/authenticator-driver.js'
import { ClientDriver } from '../../src/driver/client-driver.js'
import type { JsonObject } from '../../src/message/json.js'
import type { DataChannel, DataChannelListening, DataChannelObserver } from '../../src/ports/data-channel.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { decodeQrUrl } from '../../src/qr/url.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import { qrAuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import { ClientSession } from '../../src/session/client-session.js'
import { qrClientTransaction } from '../../src/session/client-transaction.js'
import { nobleProvider as crypto } from '../../src/crypto/noble-provider.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { cases, onlyCase } from '../support/cases.js'

type Hex<Name extends string> = Readonly<Record<Name, string>>

const FILE = 'worked-example'
const worked = {
  ...onlyCase<Hex<'secret' | 'nonce' | 'serviceData'>>(FILE, 'adverts'),
  ...onlyCase<Hex<'clientPrivateKey' | 'clientEphemeralPrivateKey' | 'phoneEphemeralPrivateKey'>>(
    FILE,
    'handshakes',
  ),
}
const [, , , , code] = cases<{ url: string }>(FILE, 'qr')
const [, introduction] = cases<{ getInfo: string }>(FILE, 'introductions')
const texts = cases<{ text?: string }>(FILE, 'frames').flatMap(({ text }) =>
  text === undefined ? [] : [text],
)
const [clientStream, phoneStream] = cases<{ stream: string }>('data-channel', 'streams').map(({ stream }) =>
  decodeHex(stream),
)
const [request = '', response = ''] = texts
if (
  code === undefined ||
  introduction === undefined ||
  clientStream === undefined ||
  phoneStream === undefined
)
  throw new Error('the worked example is incomplete')

// Lengths of 81, 80 and 112 bytes from the phone, 81, 240 and 48 from the client, each behind four bytes.
const [FROM_PHONE, FROM_CLIENT] = [
  [phoneStream.subarray(0, 169), phoneStream.subarray(169)],
  [clientStream.subarray(0, 85), clientStream.subarray(85, 329), clientStream.subarray(329)],
]

const CUTS: readonly [string, (bytes: Uint8Array) => readonly Uint8Array[]][] = [
  ['whole', bytes => [bytes]],
  ['byte by byte', bytes => Array.from(bytes, (_, at) => bytes.slice(at, at + 1))],
  ...[1, 3, 4, 5, 84, 85, 86].map((at): [string, (bytes: Uint8Array) => readonly Uint8Array[]] => [
    `cut at ${at}`,
    bytes => [bytes.slice(0, at), bytes.slice(at)].filter(({ length }) => length > 0),
  ]),
]

const noTunnel: TunnelDialer = {
  dial: () => {
    throw new Error('the tunnel service was asked for something')
  },
}

/** The end of a channel that is played: it keeps what is sent, and says the next part of the other side’s stream. */
function played(sent: Uint8Array[]): DataChannel {
  return {
    send: bytes => void sent.push(bytes),
    close: () => Promise.resolve(),
  }
}

test.each(CUTS)('the client’s stream of the worked example, the phone’s %s', async (_, cut) => {
  const sent: Uint8Array[] = []
  const opened = deferred<DataChannelObserver>()
  const clock = new VirtualClock()
  const session = new ClientSession({
    transaction: qrClientTransaction({
      crypto,
      identity: crypto.importEcdhKey(decodeHex(worked.clientPrivateKey)),
      secret: qrSecret(decodeHex(worked.secret)),
      dataChannel: 'auto',
    }),
    ephemeral: crypto.importEcdhKey(decodeHex(worked.clientEphemeralPrivateKey)),
    carries: 'json',
    now: 0,
  })
  const ports = {
    clock,
    dialer: noTunnel,
    scanner: {
      proximity: 'simulated' as const,
      scan: listener => {
        queueMicrotask(() =>
          listener.advert({
            uuid: 'fff9',
            serviceData: decodeHex(worked.serviceData),
            from: { address: 'C0:00:00:00:00:01', addressType: 'random' },
          }),
        )
        return { stop: () => Promise.resolve() }
      },
    },
    dataChannelDialer: {
      proximity: 'simulated' as const,
      dial: (to, psm, observer) => {
        expect([to.address, psm]).toEqual(['C0:00:00:00:00:01', 130])
        queueMicrotask(() => {
          observer.open()
          opened.resolve(observer)
        })
        return played(sent)
      },
    },
  } satisfies ConstructorParameters<typeof ClientDriver>[1]
  const driver = new ClientDriver(session, ports, {})
  const connected = driver.connect(() => undefined)
  const observer = await opened.promise
  for (const chunk of cut(FROM_PHONE[0] ?? new Uint8Array())) observer.bytes(chunk)
  await connected
  const answered = driver.callJson(request)
  for (const chunk of cut(FROM_PHONE[1] ?? new Uint8Array())) observer.bytes(chunk)
  expect(await answered).toEqual(JSON.parse(response))
  await driver.close()
  expect(encodeHex(concatBytes(...sent))).toBe(encodeHex(clientStream))
  expect(sent).toHaveLength(3)
})

test.each(CUTS)('the phone’s stream of the worked example, the client’s %s', async (_, cut) => {
  const sent: Uint8Array[] = []
  const advertised = deferred<Uint8Array>()
  const reached = deferred<DataChannelListening>()
  const answered = deferred<undefined>()
  const channel: DataChannel = {
    close: () => Promise.resolve(),
    send: bytes => {
      sent.push(bytes)
      if (sent.length === 3) answered.resolve(undefined)
    },
  }
  const session = new AuthenticatorSession({
    transaction: qrAuthenticatorTransaction({
      crypto,
      payload: decodeQrUrl(code.url),
      tunnelServiceId: tunnelServiceId(0),
      dataChannel: 'auto',
    }),
    ephemeral: crypto.importEcdhKey(decodeHex(worked.phoneEphemeralPrivateKey)),
    advertNonce: decodeHex(worked.nonce),
    getInfo: decodeHex(introduction.getInfo),
    features: ['ctap', 'dc'],
    carries: 'json',
    now: 0,
  })
  const ports = {
    clock: new VirtualClock(),
    dialer: {
      dial: (_request, listener) => {
        queueMicrotask(() => listener.open(new Map([['x-cable-routing-id', ['a1b2c3']]])))
        return { send: () => expect.unreachable(), close: () => Promise.resolve() }
      },
    },
    dataChannelListener: {
      proximity: 'simulated' as const,
      listen: listening => {
        queueMicrotask(() => listening.started(130))
        reached.resolve(listening)
        return { stop: () => Promise.resolve() }
      },
    },
    advertiser: {
      proximity: 'simulated' as const,
      advertise: (serviceData, _listener, options) => {
        expect(options).toEqual({ connectable: true })
        advertised.resolve(serviceData)
        return { stop: () => Promise.resolve() }
      },
    },
    handler: {
      features: ['ctap', 'dc'],
      getInfo: () => decodeHex(introduction.getInfo),
      handle: () => expect.unreachable(),
      handleJson: value => {
        expect(value).toEqual(JSON.parse(request))
        return Promise.resolve(JSON.parse(response) as JsonObject)
      },
    },
  } satisfies ConstructorParameters<typeof AuthenticatorDriver>[1]
  const served = new AuthenticatorDriver(session, ports, {}).serve()
  expect(encodeHex(await advertised.promise)).toBe(worked.serviceData)
  const observer = (await reached.promise).accepted(channel)
  const say = (part: number): void => {
    for (const chunk of cut(FROM_CLIENT[part] ?? new Uint8Array())) observer?.bytes(chunk)
  }
  say(0)
  say(1)
  await answered.promise
  say(2)
  expect(await served).toEqual({ answered: 1, proximity: 'simulated', dataChannel: 'ble' })
  expect(encodeHex(concatBytes(...sent))).toBe(encodeHex(phoneStream))
})
