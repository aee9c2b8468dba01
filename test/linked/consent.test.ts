import { describe, expect, test } from 'vitest'
import { MemoryLinkStore } from '../../src/adapters/stores/memory-link-store.js'
import { MemoryPhoneIdentityStore } from '../../src/adapters/stores/memory-phone-identity-store.js'
import type { HybridAuthenticatorOptions } from '../../src/authenticator/hybrid-authenticator.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { deferred } from '../../src/async/deferred.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import { StoreError } from '../../src/errors.js'
import type { LinkStore } from '../../src/ports/link-store.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import { linked, linkedLab, meetByQr } from '../support/linked-pair.js'
import { echo } from '../support/pair.js'

const words = (told: readonly ProgressEvent[], role: ProgressEvent['role']): string[] =>
  told.filter(event => event.role === role).map(({ event }) => event)

describe('there is a link only if', () => {
  test.each([
    ['both want it', true, true, 1],
    ['only the client wants it', true, false, 0],
    ['only the phone wants it', false, true, 0],
    ['neither wants it', false, false, 0],
  ])('%s', async (_, asks, agrees, count) => {
    const lab = linkedLab()
    const [client, phone] = [lab.client(), lab.phone()]
    const laptop = asks ? client : lab.client({ links: undefined })
    const told = await meetByQr(laptop, phone, agrees)
    expect(await client.client.links()).toHaveLength(count)
    expect(await phone.phone.links()).toHaveLength(count)
    expect(words(told, 'client').includes('linked')).toBe(count === 1)
    expect(words(told, 'authenticator').includes('linked')).toBe(count === 1)
    expect(words(told, 'client')).toContain('response')
  })

  test.each([true, false])(
    'the phone’s owner agrees, who is asked only where the client wants a link: %s',
    async asks => {
      const lab = linkedLab()
      const client = lab.client(asks ? {} : { links: undefined })
      let asked = 0
      const consent = async (): Promise<boolean> => {
        asked += 1
        await Promise.resolve()
        return false
      }
      const phone = lab.phone()
      await meetByQr(client, phone, consent)
      expect(asked).toBe(asks ? 1 : 0)
      expect(await phone.phone.links()).toEqual([])
    },
  )
})

test('both sides keep the same link, and neither prints it', async () => {
  const lab = linkedLab()
  const [client, phone] = [lab.client(), lab.phone()]
  const link = await linked(client, phone)
  expect(await phone.phone.links()).toEqual([
    { linkId: encodeBase64url(link.linkId), linkedAt: 1_790_000_000 },
  ])
  expect(JSON.parse(JSON.stringify(link))).toMatchObject({ name: 'Ada’s phone', linkSecret: '[redacted]' })
  expect(await client.client.forget(link)).toBe(true)
  expect(await client.client.forget(link)).toBe(false)
  expect(await client.client.links()).toEqual([])
})

test('a phone that links again replaces its link; another of the same name gets a number', async () => {
  const lab = linkedLab()
  const [client, phone, other] = [lab.client(), lab.phone(), lab.phone()]
  await linked(client, phone)
  await linked(client, other)
  await linked(client, phone)
  const names = (await client.client.links()).map(({ name }) => name)
  expect(names).toEqual(['Ada’s phone', 'Ada’s phone (2)'])
  expect(await phone.phone.links()).toHaveLength(2)
})

test('a link that was offered to no client is withdrawn', async () => {
  const lab = linkedLab()
  const phone = lab.phone()
  const { client } = lab.client()
  const away = new AbortController()
  const finished = deferred<undefined>()
  const connecting = client.connect({
    signal: away.signal,
    onQr: async qr => {
      const scanning = phone.phone.scan(qr.url, {
        source: 'camera',
        remember: true,
        onProgress: ({ event }) => {
          if (event === 'tunnel-connecting') away.abort()
        },
      })
      await expect(scanning).rejects.toMatchObject({ code: 'advert-timeout' })
      expect(await phone.phone.links()).toEqual([])
      finished.resolve(undefined)
    },
  })
  await expect(connecting).rejects.toMatchObject({ code: 'aborted' })
  await lab.clock.advance(120_000)
  await finished.promise
})

test('a client whose store fails still has its answer, and says why there is no link', async () => {
  const lab = linkedLab()
  const full = new StoreError('store-unavailable', 'full')
  const links: LinkStore = {
    list: () => Promise.resolve([]),
    put: () => Promise.reject(full),
    delete: () => Promise.resolve(false),
  }
  const told = await meetByQr(lab.client({ links }), lab.phone())
  expect(told).toContainEqual(expect.objectContaining({ event: 'not-linked', error: full }))
  expect(words(told, 'client')).toContain('response')
  expect(words(told, 'client')).not.toContain('linked')
})

test('a link store that throws is named, and costs the link only', async () => {
  const lab = linkedLab()
  const links = new MemoryLinkStore()
  links.put = () => Promise.reject(new Error('broken'))
  const told = await meetByQr(lab.client({ links }), lab.phone())
  const error = expect.objectContaining({ code: 'callback-failed', message: 'links.put threw' }) as Error
  expect(told).toContainEqual(expect.objectContaining({ event: 'not-linked', error }))
})

test('an owner’s answer that throws ends the scan, and is named', async () => {
  const lab = linkedLab()
  const [broken, done] = [new Error('no screen'), new AbortController()]
  const link = (): Promise<boolean> => Promise.reject(broken)
  let scanning: Promise<unknown> | undefined
  const connecting = lab.client().client.connect({
    signal: done.signal,
    onQr: qr => {
      scanning = lab
        .phone()
        .phone.scan(qr.url, { source: 'camera', remember: link })
        .finally(() => {
          done.abort()
        })
      scanning.catch(() => undefined)
    },
  })
  await expect(connecting).rejects.toMatchObject({ code: 'aborted' })
  await expect(scanning).rejects.toMatchObject({
    code: 'callback-failed',
    message: 'remember threw',
    cause: broken,
  })
})

test.each(['load', 'update'] as const)('an identity store whose %s throws is named', async name => {
  const lab = linkedLab()
  const store = new MemoryPhoneIdentityStore()
  const broken = new Error('broken')
  Object.assign(store, { [name]: () => Promise.reject(broken) })
  const { phone } = lab.phone({ linking: { store, name: 'x' } })
  const failure = { code: 'callback-failed', message: `linking.store.${name} threw`, cause: broken }
  await expect(name === 'load' ? phone.links() : phone.unlinkAll()).rejects.toMatchObject(failure)
})

describe('a phone that', () => {
  const refused = { code: 'argument-invalid' }
  test('never sends updates cannot be made to link', () => {
    const handler = { ...echo, updates: PHONE_PROFILES.ios.updates }
    expect(() => linkedLab().phone({ handler })).toThrow(expect.objectContaining(refused) as Error)
  })

  test.each(['', 'x'.repeat(129), 'ß'.repeat(65), '\uD800'])(
    'has no proper name cannot be made to link: %j',
    name => {
      const { identity: store } = linkedLab().phone()
      expect(() => linkedLab().phone({ linking: { store, name } })).toThrow(
        expect.objectContaining(refused) as Error,
      )
    },
  )

  test('has no linking is told so', async () => {
    const lab = linkedLab()
    const { phone } = lab.phone({ linking: undefined })
    expect(await phone.links()).toEqual([])
    expect(await phone.unlink({ linkId: 'AQIDBAUGBwg' })).toBe(false)
    await phone.unlinkAll()
    await expect(phone.serve()).rejects.toMatchObject(refused)
    const scanning = new Promise((_, reject) => {
      const onQr = (qr: { url: string }): void =>
        void phone.scan(qr.url, { source: 'camera', remember: true }).catch(reject)
      void lab.client().client.connect({ onQr })
    })
    await expect(scanning).rejects.toMatchObject(refused)
  })

  test('has the longest name there may be links', async () => {
    const lab = linkedLab()
    const name = 'x'.repeat(128)
    const phone = lab.phone({ linking: { store: lab.phone().identity, name } })
    expect(await linked(lab.client(), { ...phone })).toMatchObject({ name })
  })

  test.each([
    ['android', true, 1],
    ['android', false, 1],
    ['generic', true, 1],
    ['generic', false, 0],
    ['ios', false, 0],
  ] as const)('is like %s, linking %s, sends %i updates', async (profile, canLink, updates) => {
    const lab = linkedLab()
    const handler = { ...echo, updates: PHONE_PROFILES[profile].updates }
    const sizes: number[] = []
    const dialer: HybridAuthenticatorOptions['dialer'] = {
      staysInProcess: true,
      dial: (request, listener) => {
        const tunnel = lab.service.dialer.dial(request, listener)
        const send = (bytes: Uint8Array): void => {
          sizes.push(bytes.length)
          tunnel.send(bytes)
        }
        return { send, close: () => tunnel.close() }
      },
    }
    const phone = lab.phone({ handler, dialer, ...(canLink ? {} : { linking: undefined }) })
    await meetByQr(lab.client(), phone, false)
    // 512 bytes of update, padded and sealed.
    expect(sizes.filter(size => size === 512 + 32 + 16)).toHaveLength(updates)
  })
})
