import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { dialFailure, listenFailure, lossFailure } from '../../src/adapters/l2cap/failure.js'
import { fitKoffi, KOFFI_RANGE } from '../../src/adapters/l2cap/koffi.js'
import { l2capDialer, l2capListener } from '../../src/adapters/l2cap/l2cap.js'
import { L2CAP_SOCKETS, socketAddress } from '../../src/adapters/l2cap/l2cap-sockets.js'
import { SystemCallError } from '../../src/adapters/l2cap/system-calls.js'
import type { SystemCalls } from '../../src/adapters/l2cap/system-calls.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { UnsupportedError } from '../../src/errors.js'
import { thrownBy } from '../support/thrown.js'

/** errno of Linux. */
const ERRNO = {
  EPERM: 1,
  EACCES: 13,
  EPIPE: 32,
  EPROTONOSUPPORT: 93,
  EAFNOSUPPORT: 97,
  ECONNRESET: 104,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
} as const

describe('koffi', () => {
  test('is asked for in the range that package.json has', () => {
    expect(manifest.peerDependencies.koffi).toBe(KOFFI_RANGE)
  })

  test.each([
    ['2.16.1', false],
    ['3.3.3', false],
    ['3.3.4', true],
    ['3.3.10', true],
    ['3.4.0', true],
    ['3.10.0-beta.1', true],
    ['4.0.0', false],
    ['', false],
  ])('%j fits: %j', (version, fits) => {
    const found = { version, node: { poll: () => undefined } }
    const code = fits ? undefined : 'package-unfit'
    expect(thrownBy(() => fitKoffi(found))).toEqual(
      code === undefined ? undefined : expect.objectContaining({ code }),
    )
  })

  test.each([[undefined], [{}], [{ version: '3.3.4' }], [{ version: '3.3.4', node: {} }]])(
    'does not fit without its poll: %j',
    found => {
      const message = expect.stringContaining(`npm install "koffi@${KOFFI_RANGE}"`) as string
      expect(thrownBy(() => fitKoffi(found))).toMatchObject({ code: 'package-unfit', message })
    },
  )
})

const failed = (call: string, code: keyof typeof ERRNO): SystemCallError =>
  new SystemCallError(call, ERRNO[code])

describe('what is said of failures', () => {
  test.each([
    ['socket', 'EAFNOSUPPORT', 'capability-missing', '--network host'],
    ['socket', 'EPROTONOSUPPORT', 'capability-missing', '(EPROTONOSUPPORT)'],
    ['socket', 'EACCES', 'bluetooth-unauthorised', 'may not open'],
    ['socket', 'EPERM', 'bluetooth-unauthorised', '(EPERM)'],
    ['connect', 'EACCES', 'channel-unreachable', 'paired first'],
    ['connect', 'ECONNREFUSED', 'channel-unreachable', 'takes no data channel'],
    ['connect', 'EHOSTUNREACH', 'channel-unreachable', 'off or gone'],
    ['connect', 'ETIMEDOUT', 'channel-unreachable', '(connect: ETIMEDOUT)'],
  ] as const)('%s %s is %s', (call, code, expected, words) => {
    const cause = failed(call, code)
    const message = expect.stringContaining(words) as string
    expect(dialFailure(cause)).toMatchObject({ code: expected, message, cause })
  })

  test('a listener says the same of the system, and advertise-failed of the rest', () => {
    expect(listenFailure(failed('socket', 'EAFNOSUPPORT')).code).toBe('capability-missing')
    expect(listenFailure(failed('bind', 'EACCES'))).toMatchObject({
      code: 'advertise-failed',
      message: 'no data channel can be taken (bind: EACCES)',
    })
  })

  test('errors of this library stay what they are', () => {
    const error = new UnsupportedError('package-missing', 'koffi')
    expect([dialFailure(error), listenFailure(error)]).toEqual([error, error])
  })

  test('a number without a name is told', () => {
    expect(lossFailure(new SystemCallError('recv', 9999))).toMatchObject({
      code: 'channel-lost',
      message: 'the data channel broke off (recv: errno 9999)',
    })
  })
})

/** A kernel that finds a way out only from adapters that have such an address. */
function playedCalls(
  known: string,
  code: keyof typeof ERRNO = 'EHOSTUNREACH',
): SystemCalls & { bound: string[] } {
  const bound: string[] = []
  const calls = {
    bound,
    opened: (_family: number, _protocol: number, prepare: (descriptor: number) => unknown) => prepare(7),
    bind: (_descriptor: number, address: Uint8Array) => bound.push(encodeHex(address.subarray(4, 13))),
    setOption: () => undefined,
    connect: () => {
      if (bound.at(-1) !== known) throw failed('connect', code)
    },
  }
  return calls as unknown as SystemCalls & { bound: string[] }
}

describe('a dial', () => {
  const [address, adapter] = ['C0:00:00:00:00:01', 'C0:00:5E:00:53:11']
  const to = { address, addressType: 'random', adapter } as const
  const [asPublic, asRandom] = ['1153005e00c0000001', '1153005e00c0000002']

  test('goes out from the adapter that heard the advert, by its public address or else its random one', () => {
    for (const [known, bound] of [
      [asPublic, [asPublic]],
      [asRandom, [asPublic, asRandom]],
    ] as const) {
      const calls = playedCalls(known)
      expect(L2CAP_SOCKETS.dial(calls, to, 0x82)).toBe(7)
      expect(calls.bound).toEqual(bound)
    }
  })

  test('goes out from any adapter where the radio does not say which one has heard it', () => {
    const calls = playedCalls('000000000000000001')
    expect(L2CAP_SOCKETS.dial(calls, { address, addressType: 'random' }, 0x82)).toBe(7)
  })

  test('fails where no adapter is known by either address, and at once for other reasons', () => {
    const absent = playedCalls('')
    expect(thrownBy(() => L2CAP_SOCKETS.dial(absent, to, 0x82))).toMatchObject({ code: 'EHOSTUNREACH' })
    expect(absent.bound).toEqual([asPublic, asRandom])
    const refused = playedCalls('', 'EACCES')
    expect(thrownBy(() => L2CAP_SOCKETS.dial(refused, to, 0x82))).toMatchObject({ code: 'EACCES' })
    expect(refused.bound).toEqual([asPublic])
  })
})

describe('the adapter', () => {
  test.each(['darwin', 'win32', 'freebsd'])('is for Linux, not for %s', platform => {
    for (const make of [l2capDialer, l2capListener])
      expect(thrownBy(() => make({ platform }))).toMatchObject({
        code: 'capability-missing',
        message: `data channels over Bluetooth need Linux, not ${platform}`,
      })
  })

  test('is a radio', () => {
    const [dialer, listener] = [l2capDialer({ platform: 'linux' }), l2capListener({ platform: 'linux' })]
    expect([dialer.proximity, listener.proximity]).toEqual(['bluetooth', 'bluetooth'])
  })

  test('writes addresses as the kernel reads them', () => {
    const bytes = socketAddress({ address: 'C0:ff:EE:00:01:02', addressType: 'random' }, 0x82)
    const family = [...new Uint8Array(Uint16Array.of(31).buffer)]
    expect([...bytes]).toEqual([...family, 0x82, 0, 2, 1, 0, 0xee, 0xff, 0xc0, 0, 0, 2, 0])
    expect(socketAddress({ address: '00:00:00:00:00:00', addressType: 'public' }, 0)[12]).toBe(1)
  })

  test.each(['', '127.0.0.1:1', 'C0:FF:EE:00:01', 'C0:FF:EE:00:01:0g'])('has no way to %j', address => {
    expect(thrownBy(() => socketAddress({ address, addressType: 'random' }, 1))).toMatchObject({
      code: 'channel-unreachable',
    })
  })
})
