import { expect, test } from 'vitest'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborValue } from '../../src/cbor/value.js'
import { decodeHex } from '../../src/bytes/hex.js'
import { HybridError, TunnelError } from '../../src/errors.js'
import type { DataChannelListener } from '../../src/ports/data-channel.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import type { DataChannelChoice } from '../../src/qr/data-channel.js'
import { decodeDigits, encodeDigits } from '../../src/qr/digits.js'
import { createPair } from '../support/pair.js'

const PREFIX = 'FIDO:/'

/** A code whose key 6 is that; undefined: without the key. */
async function codeWith(channels: CborValue | undefined): Promise<string> {
  const url = await new Promise<string>(resolve => {
    const shown = createPair().client.connect({ onQr: qr => resolve(qr.url) })
    shown.catch(() => undefined)
  })
  const members = decodeCbor(decodeDigits(url.slice(PREFIX.length)))
  if (!(members instanceof Map)) throw new TypeError('the payload of a QR code is a map')
  const changed = cborMap(new Map([...members, [6, channels]]))
  return PREFIX + encodeDigits(encodeCbor(changed))
}

/** What a phone does about a code: `listen`, `dial`, both, or the code of its refusal. */
async function answered(channels: CborValue | undefined, dataChannel: DataChannelChoice): Promise<string> {
  const done: string[] = []
  const dataChannelListener: DataChannelListener = {
    proximity: 'simulated',
    listen: () => {
      done.push('listen')
      return { stop: () => Promise.resolve() }
    },
  }
  const dialer: TunnelDialer = {
    staysInProcess: true,
    dial: (_request, listener) => {
      done.push('dial')
      queueMicrotask(() => listener.failed(new TunnelError('tunnel-unreachable', 'offline')))
      return { send: () => undefined, close: () => Promise.resolve() }
    },
  }
  const { phone, clock } = createPair({}, { dataChannel, dataChannelListener, dialer })
  const controller = new AbortController()
  const { signal } = controller
  const served = phone.scan(await codeWith(channels), { source: 'camera', signal })
  const refusal = served.then(
    () => '',
    (error: unknown) => (error instanceof HybridError ? error.code : ''),
  )
  await clock.advance(0)
  controller.abort()
  const code = await refusal
  return done.length === 0 ? code : done.join(' and ')
}

const REFUSED = ['qr-payload-invalid', 'qr-payload-invalid', 'qr-payload-invalid'] as const

test.each<[hex: string, means: string, ...answers: readonly string[]]>([
  // With tunnel, with ble, and with auto.
  ['', 'nothing', 'dial', 'channel-unreachable', 'dial'],
  ['f5', 'true', 'dial', 'channel-unreachable', 'dial'],
  ['f4', 'false', 'dial', 'channel-unreachable', 'dial'],
  ['80', '[]', 'dial', 'channel-unreachable', 'dial'],
  ['8100', '[0]', 'dial', 'channel-unreachable', 'dial'],
  ['820000', '[0, 0]', 'dial', 'channel-unreachable', 'dial'],
  ['820007', '[0, 7]', 'dial', 'channel-unreachable', 'dial'],
  ['8107', '[7]', 'dial', 'channel-unreachable', 'dial'],
  ['820001', '[0, 1]', 'dial', 'listen', 'listen and dial'],
  ['820100', '[1, 0]', 'dial', 'listen', 'listen and dial'],
  ['83000107', '[0, 1, 7]', 'dial', 'listen', 'listen and dial'],
  ['8101', '[1]', 'dial', 'listen', 'listen'],
  ['83010107', '[1, 1, 7]', 'dial', 'listen', 'listen'],
  ['6131', 'a text', ...REFUSED],
  ['01', '1', ...REFUSED],
  ['820020', '[0, -1]', ...REFUSED],
  ['82008101', '[0, [1]]', ...REFUSED],
  ['82006131', '[0, a text]', ...REFUSED],
  ['8200f5', '[0, true]', ...REFUSED],
  ['82001b1000000000000000', '[0, 2^60]', ...REFUSED],
  ['a10101', 'a map', ...REFUSED],
  ['420001', 'bytes', ...REFUSED],
])('key 6 of a code is %s, %s: a phone with tunnel, ble and auto', async (hex, _, ...answers) => {
  const channels = hex === '' ? undefined : decodeCbor(decodeHex(hex))
  const choices = ['tunnel', 'ble', 'auto'] as const
  expect(await Promise.all(choices.map(choice => answered(channels, choice)))).toEqual(answers)
})
