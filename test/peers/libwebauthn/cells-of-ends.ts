import { describe, expect, test } from 'vitest'
import { alwaysApprove, alwaysRefuse, failVerification } from '../../../src/virtual.js'
import type { Consent } from '../../../src/virtual.js'
import { meet, newPhone } from './phone.js'
import { Site } from './relying-party.js'
import type { Surroundings } from './surroundings.js'

/** What libwebauthn calls a tunnel that ended without an answer. */
const HUNG_UP = 'Transport(TransportUnavailable)'
/** ms. libwebauthn keeps to the relying party’s timeout from the request on; by then the phone has to have it. */
const BRIEFLY_MS = 2000

/** A user who does not react, and a way to know that they were asked. */
function undecided(): { consent: Consent; asked: Promise<AbortSignal> } {
  let tell: (signal: AbortSignal) => void
  const asked = new Promise<AbortSignal>(resolve => {
    tell = resolve
  })
  const ask: Consent['ask'] = (_, signal) =>
    new Promise(resolve => {
      signal.addEventListener('abort', () => resolve({ approved: false, how: 'timeout' }))
      tell(signal)
    })
  return { consent: { ask }, asked }
}

/** Ceremonies that end otherwise. */
export function cellsOfEnds(around: Surroundings): void {
  describe.each([
    ['deny', 'Ctap(OperationDenied)'],
    ['timeout', 'Ctap(UserActionTimeout)'],
    ['hang-up', HUNG_UP],
  ] as const)('a refusal that the phone tells as %s', (how, error) => {
    test('registration', async () => {
      const [laptop, site] = [await around.laptop(), await Site.open()]
      const phone = newPhone(around, { consent: alwaysRefuse(how) })
      const { end } = await meet(laptop, phone, await site.registration())
      expect(end).toEqual({ event: 'failed', error })
      expect(await phone.store.list()).toEqual([])
    })

    test('sign-in', async () => {
      const [laptop, willing, site] = [await around.laptop(), newPhone(around), await Site.open()]
      await site.registered(laptop, willing)
      const phone = newPhone(around, { consent: alwaysRefuse(how), store: willing.store })
      const { end } = await meet(laptop, phone, await site.signIn())
      expect(end).toEqual({ event: 'failed', error })
    })
  })

  test.each([
    ['a generic phone', 'generic', 'Ctap(NoCredentials)'],
    ['an iPhone', 'ios', 'Ctap(NoCredentials)'],
    ['an Android phone', 'android', HUNG_UP],
  ] as const)('%s without any passkey', async (_, profile, error) => {
    const { end } = await meet(
      await around.laptop(),
      newPhone(around, { profile }),
      await (await Site.open()).signIn(),
    )
    expect(end).toEqual({ event: 'failed', error })
  })

  test('a phone without the passkey that the site names', async () => {
    const [laptop, site] = [await around.laptop(), await Site.open()]
    const { credential } = await site.registered(laptop, newPhone(around))
    const wanted = await site.signIn({ allowCredentials: [{ id: credential.id }] })
    const { end } = await meet(laptop, newPhone(around), wanted)
    expect(end).toEqual({ event: 'failed', error: 'Ctap(NoCredentials)' })
  })

  test('a user who cannot open the screen lock', async () => {
    const phone = newPhone(around, { consent: failVerification() })
    const { end } = await meet(await around.laptop(), phone, await (await Site.open()).registration())
    expect(end).toEqual({ event: 'failed', error: 'Ctap(OperationDenied)' })
  })

  test('no algorithm that the phone knows', async () => {
    const wanted = await (await Site.open()).registration({ supportedAlgorithmIDs: [-35] })
    const { end } = await meet(await around.laptop(), newPhone(around), wanted)
    expect(end).toEqual({ event: 'failed', error: 'Ctap(UnsupportedAlgorithm)' })
  })

  test('a site that asks for a foreign RP ID is refused by libwebauthn, and the phone is not asked', async () => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    await laptop.begin({ ...(await site.registration()), origin: 'https://example.org' })
    expect(await laptop.end()).toMatchObject({
      event: 'failed',
      error: expect.stringMatching(/^MismatchingRelyingPartyId/) as string,
    })
    expect(await phone.store.list()).toEqual([])
  })

  test('the laptop’s patience ends before the user decides: nothing is kept', async () => {
    const { consent, asked } = undecided()
    const [laptop, phone, site] = [await around.laptop(), newPhone(around, { consent }), await Site.open()]
    const { end, served } = await meet(laptop, phone, await site.registration({ timeout: BRIEFLY_MS }))
    expect(end).toEqual({ event: 'failed', error: 'Transport(Timeout)' })
    expect((await asked).aborted).toBe(true)
    expect([served, await phone.store.list()]).toMatchObject([{ code: 'peer-closed', stage: 'response' }, []])
  })

  test('the laptop is closed before the user decides: nothing is kept', async () => {
    const { consent, asked } = undecided()
    const [laptop, phone, site] = [await around.laptop(), newPhone(around, { consent }), await Site.open()]
    const code = await laptop.begin(await site.registration())
    const served = phone.hybrid.scan(code, { source: 'camera' }).catch((error: unknown) => error)
    const signal = await asked
    laptop.cancel()
    expect(await laptop.end()).toEqual({ event: 'cancelled' })
    await served
    expect([signal.aborted, await phone.store.list()]).toEqual([true, []])
  })

  test('the laptop is closed before a phone has read the code: the phone waits in vain, and is told when it gives up', async () => {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
    const code = await laptop.begin(await site.registration())
    laptop.cancel()
    expect(await laptop.end()).toEqual({ event: 'cancelled' })
    const timeouts = { advertMs: BRIEFLY_MS }
    await expect(phone.hybrid.scan(code, { source: 'camera', timeouts })).rejects.toMatchObject({
      code: 'advert-timeout',
    })
  })

  test('the phone is put away before its owner decides', async () => {
    const { consent, asked } = undecided()
    const [laptop, phone, site] = [await around.laptop(), newPhone(around, { consent }), await Site.open()]
    const leaving = new AbortController()
    const code = await laptop.begin(await site.registration())
    const served = phone.hybrid.scan(code, { source: 'camera', signal: leaving.signal })
    served.catch(() => undefined)
    await asked
    leaving.abort()
    await expect(served).rejects.toMatchObject({ code: 'aborted' })
    expect(await laptop.end()).toEqual({ event: 'failed', error: HUNG_UP })
  })

  test('after a failure the same laptop and phone succeed with the next code', async () => {
    const answers: Consent[] = [alwaysRefuse('deny'), alwaysApprove()]
    const consent: Consent = { ask: (...asked) => (answers.shift() ?? alwaysApprove()).ask(...asked) }
    const [laptop, phone, site] = [await around.laptop(), newPhone(around, { consent }), await Site.open()]
    const { end } = await meet(laptop, phone, await site.registration())
    expect(end.event).toBe('failed')
    await site.registered(laptop, phone)
  })
}
