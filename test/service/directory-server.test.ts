import { afterEach, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { lineKey } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import { UnsupportedError } from '../../src/errors.js'
import type { ContactDirectory } from '../../src/ports/contact-directory.js'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type {
  TunnelServer,
  TunnelServerOptions,
  TunnelServiceEvent,
} from '../../src/service/tunnel-server.js'
import { memoryDirectory } from '../../src/testing/memory-directory.js'
import type { MemoryDirectory } from '../../src/testing/memory-directory.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { contactLineProbe } from '../support/contact-line-probe.js'
import type { ContactLineProbe } from '../support/contact-line-probe.js'
import { tunnelProbe } from '../support/tunnel-probe.js'

const KEY = lineKey(new Uint8Array(32).fill(1))
const pathOf = (key: LineKey = KEY): string =>
  `/cable/contact/${encodeBase64url(deriveContactId(nodeCryptoProvider, key))}`

let closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.toReversed()) await close()
  closers = []
})

interface Instance {
  readonly service: TunnelServer
  readonly events: TunnelServiceEvent[]
}

async function instance(
  directory: ContactDirectory,
  options: Partial<TunnelServerOptions> = {},
): Promise<Instance> {
  const events: TunnelServiceEvent[] = []
  const service = await serveTunnel({ port: 0, directory, onEvent: event => events.push(event), ...options })
  closers.push(() => service.close())
  return { service, events }
}

async function registered(
  { service }: Instance,
  key = KEY,
  revoked: LineKey[] = [],
): Promise<ContactLineProbe> {
  const phone = contactLineProbe()
  const dialer = wsDialer({ closeTimeoutMs: 20 })
  const line = contactLineOver({ dialer, clock: systemClock }).open({ url: service.url, key, revoked }, phone)
  closers.push(() => line.stop())
  expect(await phone.next()).toEqual({ type: 'reachable' })
  return phone
}

/** 101 for a client that is let in. */
async function statusOf({ service }: Instance, key?: LineKey): Promise<number | undefined> {
  const probe = tunnelProbe()
  const headers = { 'X-caBLE-Client-Payload': 'A1B2' }
  const url = service.url + pathOf(key)
  const tunnel = wsDialer({ closeTimeoutMs: 20 }).dial({ url, subprotocol: 'fido.cable', headers }, probe)
  closers.push(() => tunnel.close())
  const first = await probe.next()
  return first.type === 'failed' ? first.error.status : 101
}

const typesOf = ({ events }: Instance): readonly string[] => events.map(({ type }) => type)

it('a client of one instance reaches the phone of another, and QR codes never ask the directory', async () => {
  const directory = memoryDirectory()
  const [one, other] = [await instance(directory), await instance(directory)]
  await registered(one)
  expect(await statusOf(other)).toBe(101)
  expect(other.events).toContainEqual({
    type: 'directory-asked',
    answer: 'ringing',
    durationMs: expect.any(Number) as unknown,
  })
  expect(typesOf(one)).not.toContain('directory-asked')
})

it('a phone that no instance has is asked for outside', async () => {
  const other = await instance(memoryDirectory(), {
    limits: { reAskMs: 1 },
    onCall: () => Promise.resolve('gone'),
  })
  expect(await statusOf(other)).toBe(410)
})

it('a newer line elsewhere closes the older with 4409', async () => {
  const directory = memoryDirectory()
  const [one, other] = [await instance(directory), await instance(directory)]
  const older = await registered(one)
  const newer = await registered(other)
  expect(await older.next()).toMatchObject({ type: 'failed', error: { closeCode: 4409 } })
  expect(await statusOf(one)).toBe(101)
  expect(newer.seen.map(({ type }) => type)).toEqual(['reachable', 'contact'])
})

it('a key revoked elsewhere closes its line with 4410, and clients of all instances hear 410', async () => {
  const directory = memoryDirectory()
  const [one, other, third] = [
    await instance(directory),
    await instance(directory),
    await instance(directory),
  ]
  const old = await registered(one)
  await registered(other, lineKey(new Uint8Array(32).fill(2)), [KEY])
  expect(await old.next()).toMatchObject({ type: 'failed', error: { closeCode: 4410 } })
  expect(await Promise.all([one, other, third].map(each => statusOf(each)))).toEqual([410, 410, 410])
  expect(await statusOf(await instance(directory))).toBe(410)
})

it('without its engine an instance serves the phones that it has itself, and says so', async () => {
  const directory = memoryDirectory()
  directory.stop()
  const one = await instance(directory, { limits: { reAskMs: 1 } })
  expect(one.events).toEqual([
    { type: 'directory-down', error: expect.objectContaining({ code: 'tunnel-unreachable' }) as unknown },
  ])
  const other = await instance(directory)
  await registered(one)
  expect(await statusOf(one)).toBe(101)
  const waiting = statusOf(other)
  directory.start()
  expect(await waiting).toBe(101)
  expect(typesOf(one)).toContain('directory-up')
})

it('an instance that closes tells the others, and leaves', async () => {
  const directory = memoryDirectory()
  const [one, other] = [await instance(directory), await instance(directory, { limits: { reAskMs: 1 } })]
  await registered(one)
  await one.service.close({ drainMs: 1000 })
  expect(await statusOf(other)).toBe(404)
})

it.each([
  ['an error of this library', new UnsupportedError('package-missing', 'install it'), 'package-missing'],
  ['another error', new Error('broken'), 'callback-failed'],
])('a directory that cannot be joined, with %s, keeps the service from starting', async (_, error, code) => {
  await expect(instance({ join: () => Promise.reject(error) })).rejects.toMatchObject({ code })
})

it('a directory whose call rejects is as good as down, and a warning says so', async () => {
  const directory: ContactDirectory = {
    join: async listener => {
      const membership = await memoryDirectory().join(listener)
      return {
        held: contact => {
          membership.held(contact)
        },
        dropped: contact => {
          membership.dropped(contact)
        },
        revoked: contacts => {
          membership.revoked(contacts)
        },
        moving: () => {
          membership.moving()
        },
        call: () => Promise.reject(new Error('broken')),
        leave: () => membership.leave(),
      }
    },
  }
  const one = await instance(directory, { limits: { reAskMs: 1 } })
  expect(await statusOf(one)).toBe(404)
  expect(typesOf(one)).toContain('directory-warning')
})

it('a directory is down until it says otherwise', async () => {
  const nothing = (): void => undefined
  const membership = { held: nothing, dropped: nothing, revoked: nothing, moving: nothing }
  const one = await instance(
    {
      join: () =>
        Promise.resolve({
          ...membership,
          call: () => Promise.resolve('down'),
          leave: () => Promise.resolve(),
        }),
    },
    { limits: { reAskMs: 1 }, onCall: () => Promise.resolve('gone') },
  )
  expect(await statusOf(one)).toBe(404)
  expect(typesOf(one)).toContain('directory-asked')
})

it.each([
  [
    'has gone',
    (directory: MemoryDirectory) => {
      directory.stop()
      return Promise.resolve()
    },
  ],
  ['has one more member', (directory: MemoryDirectory) => instance(directory)],
])('long after the start a phone is asked for again when the directory %s', async (_, befall) => {
  const [directory, clock] = [memoryDirectory(), new VirtualClock()]
  const one = await instance(directory, { clock })
  await clock.advance(20_000)
  await befall(directory)
  const waiting = statusOf(one)
  for (const times of [1, 2]) {
    await expect.poll(() => typesOf(one).filter(type => type === 'directory-asked')).toHaveLength(times)
    await clock.advance(300)
  }
  await one.service.close()
  expect(await waiting).not.toBe(101)
})
