import { describe, expect, test } from 'vitest'
import type { HybridClientOptions } from '../../src/client/hybrid-client.js'
import type { Qr } from '../../src/client/qr.js'
import { deferred } from '../../src/async/deferred.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { createPair } from '../support/pair.js'
import type { Pair } from '../support/pair.js'

const [GOOGLE, APPLE] = ['wss://cable.ua5v.com', 'wss://cable.auth.com']
const OWN = 'wss://tunnel.example:4433/base'

/** A dialer that writes down what is asked of it. */
function watched(dialer: TunnelDialer, log: string[], instead: Partial<TunnelDialer> = {}): TunnelDialer {
  return {
    staysInProcess: true,
    dial: (request, listener) => {
      log.push('dialled')
      return dialer.dial(request, listener)
    },
    preconnect: url => {
      log.push(`opened ${url}`)
      return {
        close: () => {
          log.push(`closed ${url}`)
          return Promise.resolve()
        },
      }
    },
    ...instead,
  }
}

interface Laptop extends Pair {
  readonly log: string[]
}

/** A pair whose laptop’s dialer is watched. */
function laptop(options: Partial<HybridClientOptions>, instead?: Partial<TunnelDialer>): Laptop {
  const log: string[] = []
  const pair = createPair()
  const { client } = createPair({ ...options, dialer: watched(pair.service, log, instead) })
  return { ...pair, client, log }
}

/** Connects until the code is shown, and then gives up. */
async function shown({ client, log }: Laptop, onQr: (qr: Qr) => unknown = () => undefined): Promise<void> {
  const stop = new AbortController()
  const connecting = client.connect({
    signal: stop.signal,
    onQr: qr => {
      log.push('shown')
      setImmediate(() => {
        stop.abort()
      })
      return onQr(qr)
    },
  })
  await expect(connecting).rejects.toMatchObject({ code: 'aborted' })
}

describe('a client that preconnects', () => {
  test('opens connections to the assigned services after the code is shown, and closes them when it gives up', async () => {
    const pair = laptop({ preconnect: true })
    await shown(pair)
    expect(pair.log).toEqual([
      'shown',
      `opened ${GOOGLE}`,
      `opened ${APPLE}`,
      `closed ${GOOGLE}`,
      `closed ${APPLE}`,
    ])
  })

  test('opens one to its own service alone', async () => {
    const pair = laptop({ preconnect: true, tunnelUrl: OWN })
    await shown(pair)
    expect(pair.log).toEqual(['shown', `opened ${OWN}`, `closed ${OWN}`])
  })

  test.each([[undefined], [false]])('does not unless it is told: %s', async preconnect => {
    const pair = laptop({ preconnect })
    await shown(pair)
    expect(pair.log).toEqual(['shown'])
  })

  test.each([[true], [false]])(
    'has the dialer prepare itself before, preconnecting or not: %s',
    async preconnect => {
      const log: string[] = []
      const pair = laptop(
        { preconnect, tunnelUrl: OWN },
        { prepare: () => log.push(...pair.log, 'prepared') },
      )
      await shown(pair)
      expect(log).toEqual(['shown', 'prepared'])
    },
  )

  test('goes on without a dialer that cannot prepare itself', async () => {
    const pair = laptop(
      { preconnect: true, tunnelUrl: OWN },
      {
        prepare: () => {
          throw new Error('no')
        },
      },
    )
    await shown(pair)
    expect(pair.log).toEqual(['shown', `opened ${OWN}`, `closed ${OWN}`])
  })

  test('closes what its tunnel did not take as soon as that is dialled', async () => {
    const log: string[] = []
    const { service } = createPair()
    const { client, phone } = createPair(
      { preconnect: true, dialer: watched(service, log) },
      { dialer: service },
    )
    const connection = await client.connect({ onQr: qr => phone.scan(qr.url, { source: 'camera' }) })
    expect(log.slice(2, 5)).toEqual(['dialled', `closed ${GOOGLE}`, `closed ${APPLE}`])
    await connection.close()
  })

  test('waits at its end until they are gone', async () => {
    const gone = deferred<undefined>()
    let isOver = false
    const pair = laptop({ preconnect: true }, { preconnect: () => ({ close: () => gone.promise }) })
    const end = shown(pair).finally(() => (isOver = true))
    for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(isOver).toBe(false)
    gone.resolve(undefined)
    await end
  })

  test('opens no connection once it is over: no phone read the code', async () => {
    const pair = laptop({ preconnect: true })
    const stop = new AbortController()
    const onQr = (): void => {
      stop.abort()
    }
    await expect(pair.client.connect({ signal: stop.signal, onQr })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(pair.log).toEqual([])
  })

  test('opens no connection when the code could not be shown', async () => {
    const pair = laptop({ preconnect: true })
    const onQr = (): never => {
      throw new Error('no screen')
    }
    await expect(pair.client.connect({ onQr })).rejects.toMatchObject({ code: 'callback-failed' })
    expect(pair.log).toEqual([])
  })

  test.each<[string, Partial<TunnelDialer>]>([
    ['cannot', { preconnect: undefined }],
    [
      'throws',
      {
        preconnect: () => {
          throw new Error('broken')
        },
      },
    ],
    ['fails to close', { preconnect: () => ({ close: () => Promise.reject(new Error('broken')) }) }],
  ])('meets its phone although the dialer %s', async (_name, instead) => {
    const { service } = createPair()
    const dialer = watched(service, [], instead)
    const { client, phone } = createPair({ preconnect: true, dialer }, { dialer: service })
    const connection = await client.connect({ onQr: qr => phone.scan(qr.url, { source: 'camera' }) })
    expect(await connection.call(Uint8Array.of(1))).toEqual(Uint8Array.of(0, 1))
    await connection.close()
  })

  test('does not with a simulated radio and services elsewhere, which it refuses', async () => {
    const pair = laptop({ preconnect: true }, { staysInProcess: false })
    await expect(pair.client.connect({ onQr: () => undefined })).rejects.toMatchObject({
      code: 'proximity-unproven',
    })
    expect(pair.log).toEqual([])
  })
})

describe('a phone', () => {
  test.each([
    ['that of its identifier', {}, GOOGLE],
    ['that of another identifier', { tunnelServiceId: 1 }, APPLE],
    ['its own', { tunnelUrl: OWN }, OWN],
  ])('opens a connection to its service when it is told, and closes it: %s', async (_name, options, url) => {
    const log: string[] = []
    const { service } = createPair()
    const { phone } = createPair({}, { ...options, dialer: watched(service, log) })
    const connection = phone.preconnect()
    expect(log).toEqual([`opened ${url}`])
    await connection.close()
    expect(log).toEqual([`opened ${url}`, `closed ${url}`])
  })

  test('does nothing where the dialer cannot', async () => {
    await createPair().phone.preconnect().close()
  })

  test('refuses with a simulated radio and a service elsewhere', () => {
    const log: string[] = []
    const { service } = createPair()
    const { phone } = createPair({}, { dialer: watched(service, log, { staysInProcess: false }) })
    expect(() => phone.preconnect()).toThrow(expect.objectContaining({ code: 'proximity-unproven' }) as Error)
    expect(log).toEqual([])
  })
})
