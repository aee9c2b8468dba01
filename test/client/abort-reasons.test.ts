import { expect, test } from 'vitest'
import { DeadlineError, LocalClient, WebAuthnError } from '../../src/index.js'
import type { ChooseAccount, LocalCeremonyOptions } from '../../src/index.js'
import { createRelyingParty } from '../../src/testing.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { ignoreUntilTimeout } from '../../src/virtual.js'
import { createPair } from '../support/pair.js'
import { createTestPhone } from '../support/virtual-phone.js'

const origin = 'https://login.example.com'
const request = { challenge: 'AQID', rpId: 'example.com' }

/** Fails as soon as the signal fires, in each of the clients. */
const CLIENTS = {
  hybrid: (signal: AbortSignal) =>
    createPair().client.get(request, { origin, signal, onQr: () => undefined }),
  local: (signal: AbortSignal) =>
    new LocalClient({
      authenticator: {
        getInfo: () => createTestPhone().phone.getInfo(),
        handle: () => new Promise(() => undefined),
      },
    }).get(request, { origin, signal }),
}

const REASONS: readonly (readonly [string, unknown])[] = [
  ['an error', new Error('the dialog was closed')],
  ['a TimeoutError', new DOMException('too long', 'TimeoutError')],
  ['a text', 'enough'],
  ['null', null],
  ['an error of this library', new DeadlineError('advert', 'mine')],
]

for (const [name, ceremony] of Object.entries(CLIENTS)) {
  test.each(REASONS)(`${name}: %s is what the ceremony rejects with`, async (_, reason) => {
    for (const isEarly of [true, false]) {
      const stop = new AbortController()
      if (isEarly) stop.abort(reason)
      const outcome = ceremony(stop.signal).catch((error: unknown) => ({ error }))
      if (!isEarly) setTimeout(() => stop.abort(reason), 5)
      expect(((await outcome) as { error: unknown }).error).toBe(reason)
    }
  })

  test(`${name}: an AbortError is told as a WebAuthnError with that cause`, async () => {
    const stop = new AbortController()
    stop.abort()
    const reason: unknown = stop.signal.reason
    const failure: unknown = await ceremony(stop.signal).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WebAuthnError)
    expect(failure).toMatchObject({ name: 'AbortError', code: 'aborted', cause: { cause: reason } })
  })
}

test.each<[string, number | undefined, number | undefined, number]>([
  ['five minutes at least', 1, undefined, 300_000],
  ['five minutes without a timeout', undefined, undefined, 300_000],
  ['the timeout between', 400_000, undefined, 400_000],
  ['ten minutes at most', 999_999, undefined, 600_000],
  ['what the caller says', 400_000, 1000, 1000],
])('a local ceremony lasts %s', async (_, timeout, ceremonyMs, limitMs) => {
  const { phone } = createTestPhone((asked, signal) => ignoreUntilTimeout().ask(asked, signal))
  const rp = await createRelyingParty({ origin, rpId: 'example.com' })
  const clock = new VirtualClock(0)
  const client = new LocalClient({ authenticator: phone, clock })
  const options = { ...(await rp.creationOptions()), ...(timeout !== undefined && { timeout }) }
  let failure: unknown
  const ceremony: LocalCeremonyOptions = { origin, ceremonyMs }
  const done = client.create(options, ceremony).catch((error: unknown) => (failure = error))
  await expect.poll(() => clock.pending).toBe(1)
  await clock.advance(limitMs - 1)
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(failure).toBeUndefined()
  await clock.advance(1)
  await done
  expect(failure).toMatchObject({ name: 'NotAllowedError', code: 'response-timeout' })
})

test('a chooser over hybrid is left when the time is over', async () => {
  const { phone } = createTestPhone(undefined, { accountChoice: 'client' })
  const pair = createPair({}, { handler: phone })
  const rp = await createRelyingParty({ origin, rpId: 'example.com' })
  const at = {
    origin,
    onQr: (qr: { url: string }) => pair.phone.scan(qr.url, { source: 'camera' }),
    timeouts: { ceremonyMs: 1000 },
  }
  for (const id of [1, 2])
    await pair.client.create(await rp.creationOptions({ userID: Uint8Array.of(id) }), at)
  let reason: unknown
  const chooseAccount: ChooseAccount = (_, signal) => {
    signal.addEventListener('abort', () => {
      reason = signal.reason
    })
    void pair.clock.advance(1000)
    return new Promise(() => undefined)
  }
  await expect(pair.client.get(await rp.requestOptions(), { ...at, chooseAccount })).rejects.toMatchObject({
    name: 'NotAllowedError',
    code: 'response-timeout',
  })
  expect(reason).toBeInstanceOf(DeadlineError)
})
