import { expect, test } from 'vitest'
import { CTAP_STATUS } from '../../src/ctap/status.js'
import { LocalClient } from '../../src/index.js'
import type { CtapHandler } from '../../src/ports/ctap-handler.js'
import { createRelyingParty } from '../../src/testing.js'
import { alwaysRefuse, ignoreUntilTimeout, PHONE_PROFILES } from '../../src/virtual.js'
import { createTestPhone } from '../support/virtual-phone.js'

const ORIGIN = 'https://login.example.com'
const ceremony = { origin: ORIGIN }

test('a passkey of this device is registered, confirmed, and signs in', async () => {
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const { phone, store } = createTestPhone()
  const client = new LocalClient({ authenticator: phone })
  const made = await client.create(
    await rp.creationOptions({
      authenticatorSelection: { authenticatorAttachment: 'platform', residentKey: 'required' },
    }),
    ceremony,
  )
  expect(made.authenticatorAttachment).toBe('platform')
  expect(made.response.transports).toEqual(['internal'])
  const { id } = await rp.register(made)
  expect(await store.list()).toMatchObject([{ confirmed: true }])
  const used = await client.get(await rp.requestOptions(), ceremony)
  expect(used.authenticatorAttachment).toBe('platform')
  expect((await rp.signIn(used)).id).toBe(id)
})

test('only a phone will not do, and neither will a refusal or another origin', async () => {
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const options = await rp.creationOptions()
  const { phone, store } = createTestPhone((request, signal) => alwaysRefuse().ask(request, signal))
  const client = new LocalClient({ authenticator: phone })
  const crossPlatform = { ...options, authenticatorSelection: { authenticatorAttachment: 'cross-platform' } }
  await expect(client.create(crossPlatform, ceremony)).rejects.toMatchObject({
    code: 'options-unsatisfiable',
  })
  await expect(client.create(options, ceremony)).rejects.toMatchObject({ name: 'NotAllowedError' })
  const elsewhere = { origin: 'https://example.net' }
  await expect(client.create(options, elsewhere)).rejects.toMatchObject({ name: 'SecurityError' })
  expect(await store.list()).toEqual([])
})

// As browsers do over hybrid (protocol.md 15.1).
test.each([undefined, 1024, 65_536])('lists go out whole, whatever maxMsgSize says: %s', async maxMsgSize => {
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const { generic } = PHONE_PROFILES
  const { phone } = createTestPhone(undefined, {
    profile: { ...generic, info: { ...generic.info, maxMsgSize } },
  })
  const sizes: number[] = []
  const authenticator: CtapHandler = {
    getInfo: () => phone.getInfo(),
    handle: (request, context) => {
      sizes.push(request.length)
      return phone.handle(request, context)
    },
  }
  const client = new LocalClient({ authenticator })
  const { id } = await rp.register(await client.create(await rp.creationOptions(), ceremony))
  const others = Array.from({ length: 100 }, (_, index) => ({
    id: Buffer.alloc(64, index).toString('base64url'),
  }))
  const used = await client.get(await rp.requestOptions({ allowCredentials: [...others, { id }] }), ceremony)
  expect((await rp.signIn(used)).id).toBe(id)
  expect(sizes).toEqual([expect.any(Number), expect.any(Number)])
  expect(sizes[1]).toBeGreaterThan(100 * 64)
})

test('an authenticator that finds a request too large says so', async () => {
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const { phone } = createTestPhone()
  const tooLarge = Uint8Array.of(CTAP_STATUS.ERR_REQUEST_TOO_LARGE)
  const authenticator = { getInfo: () => phone.getInfo(), handle: () => Promise.resolve(tooLarge) }
  const signingIn = new LocalClient({ authenticator }).get(await rp.requestOptions(), ceremony)
  await expect(signingIn).rejects.toMatchObject({
    cause: { statusName: 'ERR_REQUEST_TOO_LARGE' },
  })
})

test('the caller may give up', async () => {
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const { phone, store } = createTestPhone((request, signal) => {
    queueMicrotask(() => giveUp.abort())
    return ignoreUntilTimeout().ask(request, signal)
  })
  const giveUp = new AbortController()
  const creating = new LocalClient({ authenticator: phone }).create(await rp.creationOptions(), {
    ...ceremony,
    signal: giveUp.signal,
  })
  await expect(creating).rejects.toMatchObject({ name: 'AbortError' })
  expect(await store.list()).toEqual([])
})

test.each(['getInfo', 'handle', 'concluded'] as const)(
  'an authenticator whose %s throws is named',
  async name => {
    const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
    const { phone } = createTestPhone()
    const broken = new Error('broken')
    const authenticator = {
      getInfo: () => phone.getInfo(),
      handle: phone.handle.bind(phone),
      concluded: phone.concluded.bind(phone),
      [name]: () => {
        throw broken
      },
    }
    const creating = new LocalClient({ authenticator }).create(await rp.creationOptions(), ceremony)
    await expect(creating).rejects.toMatchObject({
      name: 'OperationError',
      code: 'callback-failed',
      message: `authenticator.${name} threw`,
      cause: { cause: broken },
    })
  },
)

test('a ceremony that was aborted before the authenticator was asked ends at once', async () => {
  const rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
  const { phone } = createTestPhone()
  const giveUp = new AbortController()
  const authenticator = {
    getInfo: () => {
      giveUp.abort()
      return phone.getInfo()
    },
    handle: () => new Promise<never>(() => undefined),
  }
  const creating = new LocalClient({ authenticator }).create(await rp.creationOptions(), {
    ...ceremony,
    signal: giveUp.signal,
  })
  await expect(creating).rejects.toMatchObject({ name: 'AbortError' })
})
