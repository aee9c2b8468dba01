import { describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { cborMap, encodeCbor, nobleProvider } from '../../src/wire.js'
import type { CeremonyOptions, HybridClient, ProgressEvent, Qr, TunnelDialer } from '../../src/index.js'
import { alwaysRefuse, createLab, createRelyingParty, VirtualClock } from '../../src/testing.js'
import type { LabPhone, LabPhoneOptions } from '../../src/testing.js'
import { createTrace } from '../../src/trace.js'
import { found, printed } from './traces.js'
import { watchedCrypto } from './watched-crypto.js'

/** A run of both roles, and all of it that could be seen. */
interface Run {
  readonly client: HybridClient
  readonly phone: LabPhone
  /** Remembers what a value prints. */
  readonly see: (value: unknown) => void
  readonly ceremony: (more?: Partial<CeremonyOptions>) => CeremonyOptions
}

const AAGUID = Uint8Array.from({ length: 16 }, (_, index) => index)

interface Scene {
  readonly phone?: LabPhoneOptions
  readonly tunnel?: (service: TunnelDialer) => TunnelDialer
  readonly play: (run: Run, rp: Awaited<ReturnType<typeof createRelyingParty>>) => Promise<void>
}

const registers: Scene['play'] = async ({ client, ceremony, see }, rp) => {
  await client.create(await rp.creationOptions(), ceremony()).catch(see)
}

const scenes: Readonly<Record<string, Scene>> = {
  'a registration and a sign-in': {
    play: async ({ client, ceremony }, rp) => {
      await rp.register(await client.create(await rp.creationOptions(), ceremony()))
      await rp.signIn(await client.get(await rp.requestOptions(), ceremony()))
    },
  },
  'a refusal': { phone: { consent: alwaysRefuse('deny') }, play: registers },
  'a phone that hangs up': { phone: { consent: alwaysRefuse('hang-up') }, play: registers },
  'a handler that throws its request': {
    phone: {
      handler: {
        getInfo: () =>
          encodeCbor(
            cborMap([
              [1, ['FIDO_2_0']],
              [3, AAGUID],
            ]),
          ),
        handle: request => Promise.reject(new Error(`cannot handle ${request[0] ?? 'nothing'}`)),
      },
    },
    play: registers,
  },
  'a caller that gives up while the user is asked': {
    phone: { consent: { ask: () => new Promise(() => undefined) } },
    play: async ({ client, ceremony, see }, rp) => {
      const giveUp = new AbortController()
      const onProgress = (event: ProgressEvent): void => {
        see(event)
        if (event.event === 'awaiting-user') giveUp.abort()
      }
      const options = ceremony({ signal: giveUp.signal, onProgress })
      await client.create(await rp.creationOptions(), options).catch(see)
    },
  },
  'a tunnel that damages every message after the handshake': { tunnel: damaging(2), play: registers },
  'a tunnel that damages the handshake': { tunnel: damaging(0), play: registers },
  'a connection looked at while it is open': {
    play: async ({ client, ceremony, see }) => {
      const connection = await client.connect(ceremony())
      see(connection)
      await connection.close()
      see(connection)
    },
  },
}

describe.each([nobleProvider, nodeCryptoProvider])('$name', provider => {
  it.each(Object.entries(scenes))('shows no secret in %s', async (_name, scene) => {
    const { crypto, random, secrets } = watchedCrypto(provider, systemRandom)
    const lab = createLab({
      crypto,
      clock: new VirtualClock(),
      ...(scene.tunnel && { tunnel: scene.tunnel }),
    })
    const rp = await createRelyingParty({ origin: 'https://login.example.com' })
    const seen: string[] = []
    const see = (value: unknown): void => void seen.push(printed(value))
    const [client, phone] = [lab.client({ random }), lab.phone(scene.phone)]
    const trace = createTrace({ write: see })
    const ceremony = (more: Partial<CeremonyOptions> = {}): CeremonyOptions => ({
      origin: rp.origin,
      onProgress: see,
      trace,
      onQr: async (qr: Qr) => {
        see(qr)
        await phone.scan(qr.url, { onProgress: see, trace }).then(see, see)
      },
      ...more,
    })
    await scene.play({ client, phone, see, ceremony }, rp)
    for (const value of [client, phone, lab, await phone.store.list(), await phone.unconfirmed()]) see(value)

    const passkeys = (await phone.store.list()).flatMap(({ privateKey, hmacSecret }) => [
      privateKey,
      hmacSecret,
    ])
    const own = passkeys.map(bytes => ({ what: 'a passkey’s key', bytes }))
    expect(secrets.length).toBeGreaterThan(10)
    expect(seen.length).toBeGreaterThan(8)
    expect(found([...secrets, ...own], seen.join('\n'))).toEqual([])
  })
})

/** Flips a bit of each message to the client, from the given one on. */
function damaging(from: number): (service: TunnelDialer) => TunnelDialer {
  return service => ({
    dial: (request, listener) => {
      let count = 0
      return service.dial(request, {
        ...listener,
        open: headers => {
          listener.open(headers)
        },
        closed: end => {
          listener.closed(end)
        },
        failed: error => {
          listener.failed(error)
        },
        message: bytes => {
          const damaged = bytes.slice()
          if (count++ >= from) damaged[0] = (damaged[0] ?? 0) ^ 1
          listener.message(damaged)
        },
      })
    },
  })
}

describe('the search itself', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
  const secrets = [{ what: 'it', bytes }]
  const hex = Buffer.from(bytes).toString('hex')

  it.each<[string, unknown]>([
    ['an event', { event: 'advert-seen', key: bytes }],
    ['a message', new Error(`bad key ${hex}`)],
    ['a cause', new Error('bad', { cause: { key: hex.toUpperCase() } })],
    ['a buffer in a map', { keys: new Map([['key', Buffer.from(bytes)]]) }],
    ['a weak map', new WeakMap([[nobleProvider, { key: bytes }]])],
    ['a hidden member', Object.defineProperty({}, 'key', { value: bytes, enumerable: false })],
    ['base64url', { key: Buffer.from(bytes).toString('base64url') }],
    ['JSON only', { toJSON: () => ({ key: [...bytes] }) }],
  ])('finds a secret in %s', (_where, leak) => {
    expect(found(secrets, printed(leak))).toEqual(['it'])
  })
})
