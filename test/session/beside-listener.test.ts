import { describe, expect, test } from 'vitest'
import { decodeEid } from '../../src/advert/eid.js'
import { openAdvert } from '../../src/advert/sealed-advert.js'
import { qrSecret, tunnelServiceId } from '../../src/bytes/brands.js'
import type { Eid } from '../../src/bytes/brands.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { deriveEidKey, derivePsk } from '../../src/crypto/derive.js'
import { nobleProvider as crypto } from '../../src/crypto/noble-provider.js'
import type { EcdhKey } from '../../src/crypto/provider.js'
import { ProximityError, TunnelError, UnsupportedError } from '../../src/errors.js'
import { startClientHandshake } from '../../src/handshake/client-handshake.js'
import type { DataChannelChoice } from '../../src/qr/data-channel.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import { qrAuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import type { Timeouts } from '../../src/session/position.js'
import { clientIdentity } from '../support/sessions.js'
import { closedWith, endOf } from '../support/outcome.js'
import { GET_INFO } from '../support/pair.js'

const secret = (): ReturnType<typeof qrSecret> => qrSecret(new Uint8Array(16).fill(7))
const noTunnel = new TunnelError('tunnel-unreachable', 'offline')
const noListener = new ProximityError('advertise-failed', 'no socket')
const opened: AuthenticatorInput = {
  type: 'tunnel-open',
  headers: new Map([['x-cable-routing-id', ['0a0b0c']]]),
}
const listening: AuthenticatorInput = { type: 'listening', psm: 0x82 }
const tunnelFailed: AuthenticatorInput = { type: 'tunnel-failed', error: noTunnel }
const listenerFailed: AuthenticatorInput = { type: 'listening-failed', error: noListener }

interface Phone {
  /** One input; time stands still unless told. */
  readonly step: (input: AuthenticatorInput, now?: number) => readonly AuthenticatorOutput[]
  readonly state: () => string
  readonly ephemeral: EcdhKey
}

function phone(dataChannel: DataChannelChoice, timeouts: Partial<Timeouts> = {}): Phone {
  const payload = {
    publicKey: clientIdentity().publicKey,
    secret: secret(),
    knownTunnelServices: 2,
    requestType: 'mc',
  } as const
  const ephemeral = crypto.generateEcdhKey()
  const session = new AuthenticatorSession({
    transaction: qrAuthenticatorTransaction({
      crypto,
      payload,
      tunnelServiceId: tunnelServiceId(0),
      dataChannel,
    }),
    ephemeral,
    advertNonce: new Uint8Array(10),
    getInfo: GET_INFO,
    timeouts,
    now: 0,
  })
  session.step({ type: 'start' }, 0)
  return { step: (input, now = 0) => session.step(input, now), state: () => session.state, ephemeral }
}

/** What the advert among these outputs holds. */
function advertIn(outputs: readonly AuthenticatorOutput[]): { readonly eid: Eid; readonly suffix: string } {
  const { serviceData = new Uint8Array() } = outputs.find(({ type }) => type === 'advertise') as {
    serviceData?: Uint8Array
  }
  const eid = openAdvert(crypto, deriveEidKey(crypto, secret()), serviceData)
  if (eid === undefined) throw new Error('there is no advert that opens')
  return { eid, suffix: encodeHex(serviceData.subarray(20)) }
}

function message1(eid: Eid): Uint8Array {
  return startClientHandshake({
    crypto,
    transaction: 'qr-initiated',
    identity: clientIdentity(),
    psk: derivePsk(crypto, secret(), eid),
    ephemeral: crypto.generateEcdhKey(),
  }).message1
}

const typesOf = (outputs: readonly AuthenticatorOutput[]): readonly string[] =>
  outputs.map(({ type }) => type)
const routingIdOf = (eid: Eid): string => encodeHex(decodeEid(eid).routingId)

describe('a phone that takes data channels beside its tunnel', () => {
  test('closes channels that come before it advertises, and once its client is there', () => {
    const { step } = phone('auto')
    step(listening)
    expect(step({ type: 'channel-open', channel: 1 })).toEqual([{ type: 'close-channel', channel: 1 }])
    const { eid } = advertIn(step(opened))
    step({ type: 'channel-open', channel: 2 })
    expect(endOf(step({ type: 'channel-message', channel: 2, bytes: message1(eid) }))).toBeUndefined()
    expect(step({ type: 'channel-open', channel: 3 })).toEqual([{ type: 'close-channel', channel: 3 }])
  })

  test('wipes its key as soon as message 2 is made', () => {
    const { step, ephemeral } = phone('auto')
    step(listening)
    const { eid } = advertIn(step(opened))
    step({ type: 'channel-open', channel: 1 })
    const shared = (): Uint8Array => ephemeral.sharedSecret(clientIdentity().publicKey)
    expect(shared()).toHaveLength(32)
    step({ type: 'channel-message', channel: 1, bytes: message1(eid) })
    expect(shared).toThrow()
  })

  test('wants no tick once it is closed, whatever waits', () => {
    const { step } = phone('ble')
    step(listening)
    step({ type: 'channel-open', channel: 1 }, 1)
    expect(step({ type: 'close' }, 2)).toContainEqual({ type: 'deadline', at: Infinity })
  })

  test('leaves its advert as it is when the tunnel of it is lost', () => {
    for (const lost of [tunnelFailed, { type: 'tunnel-closed', code: 1006 } as const]) {
      const { step, state } = phone('auto')
      step(listening)
      const { eid, suffix } = advertIn(step(opened))
      expect([routingIdOf(eid), suffix]).toEqual(['0a0b0c', 'a1011882'])
      expect(typesOf(step(lost))).toEqual(['close-tunnel'])
      step({ type: 'channel-open', channel: 1 })
      step({ type: 'channel-message', channel: 1, bytes: message1(eid) })
      expect(state()).toBe('awaiting-request')
    }
  })

  test('advertises no routing ID of a tunnel that was lost before', () => {
    const { step } = phone('auto')
    step(opened)
    step(tunnelFailed)
    expect(routingIdOf(advertIn(step(listening)).eid)).toBe('000000')
  })

  test('turns to no other way when the time of all stages together is over', () => {
    const [withTunnel, withListener] = [
      phone('auto', { ceremonyMs: 3000 }),
      phone('auto', { ceremonyMs: 3000 }),
    ]
    withTunnel.step(opened)
    expect(endOf(withTunnel.step({ type: 'tick' }, 3000))).toEqual(closedWith('channel-unreachable'))
    withListener.step(listening)
    expect(endOf(withListener.step({ type: 'tick' }, 3000))).toEqual(closedWith('tunnel-timeout'))
  })

  test('does not hear of a tunnel that it has given up', () => {
    const { step, state } = phone('auto')
    step(listening)
    expect(routingIdOf(advertIn(step({ type: 'tick' }, 3000)).eid)).toBe('000000')
    const late = [opened, tunnelFailed, { type: 'tunnel-closed', code: 1000 }] as const
    for (const input of [...late, { type: 'tunnel-message', bytes: new Uint8Array(81) } as const])
      expect(step(input, 3001)).toEqual([])
    expect(state()).toBe('awaiting-message-1')
  })

  test('does not hear of a listener that it has given up', () => {
    const { step, state } = phone('auto')
    step(opened)
    expect(advertIn(step({ type: 'tick' }, 3000))).toMatchObject({ suffix: '' })
    expect(step(listening, 3001)).toEqual([])
    expect(step(listenerFailed, 3001)).toEqual([])
    expect(state()).toBe('awaiting-message-1')
  })

  test('fails with what is wrong with its tunnel where it can be met in neither way', () => {
    const [first, second] = [phone('auto'), phone('auto')]
    expect(endOf(first.step(tunnelFailed))).toBeUndefined()
    expect(endOf(first.step(listenerFailed))).toEqual({ type: 'closed', error: noTunnel })
    expect(endOf(second.step(listenerFailed))).toBeUndefined()
    expect(endOf(second.step(tunnelFailed))).toEqual({ type: 'closed', error: noTunnel })
  })

  test('advertises again without a channel only where that leads somewhere', () => {
    const unconnectable = new UnsupportedError('capability-missing', 'not connectable')
    const failed: AuthenticatorInput = { type: 'failed', error: unconnectable }
    const [alone, both] = [phone('ble'), phone('auto')]
    alone.step(listening)
    expect(typesOf(alone.step(failed))).not.toContain('advertise')
    expect(alone.state()).toBe('closed')
    both.step(listening)
    both.step(opened)
    expect(advertIn(both.step(failed)).suffix).toBe('')
    expect(endOf(both.step(failed))).toEqual({ type: 'closed', error: unconnectable })
  })

  test('takes four at a time, and the tick at the end of the first one’s time leaves the others', () => {
    const { step } = phone('ble')
    step(listening)
    for (const channel of [1, 2, 3, 4]) step({ type: 'channel-open', channel }, channel)
    expect(step({ type: 'channel-open', channel: 5 }, 5)).toEqual([{ type: 'close-channel', channel: 5 }])
    expect(step({ type: 'tick' }, 5000)).toEqual([])
    expect(step({ type: 'tick' }, 5001)).toEqual([
      { type: 'close-channel', channel: 1 },
      { type: 'deadline', at: 5002 },
    ])
    step({ type: 'channel-open', channel: 6 }, 5001)
    expect(typesOf(step({ type: 'tick' }, 5004))).toEqual([
      'close-channel',
      'close-channel',
      'close-channel',
      'deadline',
    ])
  })
})
