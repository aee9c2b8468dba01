import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServeOptions } from '../../../src/index.js'
import { takeNotes } from '../../support/probe.js'
import { alwaysRefuse, MemoryPhoneIdentityStore } from '../../../src/virtual.js'
import { callers } from './callers.js'
import type { End, Laptop } from './laptop.js'
import { given, newPhone, PHONE_NAME } from './phone.js'
import type { Phone, PhoneOptions } from './phone.js'
import { Site } from './relying-party.js'
import type { Surroundings } from './surroundings.js'

const REMEMBERED = { by: 'code-to-remember', remember: true } as const
const BY_LINK = { by: 'link' } as const
const GRACE = { userName: 'grace@example.com', userID: Uint8Array.of(7) }
/** However busy the machine is. */
const SOON = { timeout: 30_000 }
/** The phone never answers such a call. */
const NEVER: ServeOptions['onCall'] = () => new Promise(() => undefined)

/** A phone that a laptop remembers, with a passkey. */
interface Couple {
  readonly site: Site
  readonly laptop: Laptop
  readonly phone: Phone
}

/** The laptop calls the phone that it remembers. */
export function cellsByLink(around: Surroundings): void {
  async function couple(options: PhoneOptions = {}): Promise<Couple> {
    const [laptop, phone, site] = [await around.laptop(), newPhone(around, options), await Site.open()]
    await site.registered(laptop, phone, {}, REMEMBERED)
    expect(await laptop.known()).toEqual([PHONE_NAME])
    return { site, laptop, phone }
  }

  /** Serves linked laptops until the test has ended. @returns a way to stop it before. */
  async function serving({ hybrid }: Phone, options: ServeOptions = {}): Promise<() => Promise<unknown>> {
    const stop = new AbortController()
    const events = takeNotes<string>()
    const onEvent: ServeOptions['onEvent'] = ({ event }) => events.note(event)
    const served = hybrid.serve({ onEvent, signal: stop.signal, ...options })
    const end = (): Promise<unknown> => {
      stop.abort()
      return served
    }
    onTestFinished(() => void end())
    await Promise.race([events.next(), served])
    return end
  }

  /** How a sign-in by link ended on the laptop. */
  async function ended({ laptop, site }: Omit<Couple, 'phone'>): Promise<End> {
    await laptop.begin(await site.signIn({}, BY_LINK))
    return laptop.end()
  }

  /** Signs in by link, to the site’s satisfaction. */
  async function signedIn(pair: Omit<Couple, 'phone'>): Promise<void> {
    await pair.site.accepts(given(await ended(pair)))
  }

  describe('remembering', () => {
    test('the laptop remembers a phone whose owner agrees, and the phone the laptop', async () => {
      const { phone } = await couple()
      expect(await phone.hybrid.links()).toMatchObject([{ linkId: expect.any(String) as string }])
    })

    test.each([
      ['the owner does not agree', 'code-to-remember', false],
      ['the code does not ask for it', 'code', true],
    ] as const)('nobody is remembered when %s', async (_, by, remember) => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around), await Site.open()]
      await site.registered(laptop, phone, {}, { by, remember })
      expect([await laptop.known(), await phone.hybrid.links()]).toEqual([[], []])
    })

    test.each(['android', 'ios'] as const)('a phone like %s that does not link', async profile => {
      const [laptop, phone, site] = [await around.laptop(), newPhone(around, { profile }), await Site.open()]
      await site.registered(laptop, phone, {}, { by: 'code-to-remember' })
      expect(await laptop.known()).toEqual([])
    })
  })

  test('sign-in, twice', async () => {
    const all = await couple()
    await serving(all.phone)
    await signedIn(all)
    await signedIn(all)
    expect(await all.phone.hybrid.links()).toMatchObject([{ lastUsedAt: expect.any(Number) as number }])
  })

  test('registration', async () => {
    const { laptop, phone, site } = await couple()
    await serving(phone)
    await laptop.begin(await site.registration({ userName: 'grace@example.com' }, BY_LINK))
    await site.takes(given(await laptop.end()))
    expect(await phone.store.list()).toHaveLength(2)
  })

  test('a passkey that the site excludes is not made again', async () => {
    const { laptop, phone, site } = await couple()
    await serving(phone)
    const excludeCredentials = site.rp.credentials.map(({ id }) => ({ id }))
    await laptop.begin(await site.registration({ excludeCredentials }, BY_LINK))
    expect(await laptop.end()).toEqual({ event: 'failed', error: 'Ctap(CredentialExcluded)' })
  })

  test('the phone is another process by now, with the same identity and passkeys', async () => {
    const identity = new MemoryPhoneIdentityStore()
    const all = await couple({ identity })
    await (
      await serving(all.phone)
    )()
    await serving(newPhone(around, { identity, store: all.phone.store }))
    await signedIn(all)
  })

  test('a refusal', async () => {
    const identity = new MemoryPhoneIdentityStore()
    const all = await couple({ identity })
    await serving(newPhone(around, { identity, store: all.phone.store, consent: alwaysRefuse('deny') }))
    expect(await ended(all)).toEqual({ event: 'failed', error: 'Ctap(OperationDenied)' })
  })

  test('two accounts, the choice at the laptop', async () => {
    const all = await couple({ accountChoice: 'client' })
    await serving(all.phone)
    const [ada] = all.site.rp.credentials
    await all.laptop.begin(await all.site.registration(GRACE, BY_LINK))
    const grace = await all.site.takes(given(await all.laptop.end()))
    const responses = given(await ended(all))
    expect(responses).toMatchObject([{ id: grace.credential.id }, { id: ada?.id }])
    expect((await all.site.accepts(responses, 1)).credential.id).toBe(ada?.id)
  })

  test('prf', async () => {
    const all = await couple()
    await serving(all.phone)
    const extensions = { prf: { eval: { first: 'AQID' } } }
    await all.laptop.begin(await all.site.signIn({}, { ...BY_LINK, extensions }))
    expect(await all.laptop.end()).toMatchObject({
      responses: [{ clientExtensionResults: { prf: { results: { first: expect.any(String) as string } } } }],
    })
  })

  test('a phone that is nowhere: 404, and it stays remembered', async () => {
    const all = await couple()
    expect(await ended(all)).toMatchObject({ event: 'failed' })
    expect(all.laptop.steps.at(-1)).toBe('PxpUpdate(Error(PxpTunnel(UnexpectedStatus(404))))')
    expect(await all.laptop.known()).toEqual([PHONE_NAME])
  })

  test('a link that the phone has ended: 410, and the laptop forgets it', async () => {
    const all = await couple()
    await serving(all.phone)
    const [link] = await all.phone.hybrid.links()
    expect(link && (await all.phone.hybrid.unlink(link))).toBe(true)
    expect(await ended(all)).toMatchObject({ event: 'failed' })
    expect(all.laptop.steps.at(-1)).toBe('PxpUpdate(Error(PxpTunnel(Gone)))')
    expect(await all.laptop.known()).toEqual([])
  })

  test('all links are ended: 410; a new code makes a new one', async () => {
    const all = await couple()
    await serving(all.phone)
    await all.phone.hybrid.unlinkAll()
    const knownAfterCall = async (): Promise<unknown> => {
      await ended(all)
      return all.laptop.known()
    }
    await expect.poll(knownAfterCall, SOON).toEqual([])
    await all.site.signedIn(all.laptop, all.phone, {}, REMEMBERED)
    await signedIn(all)
  })

  test('a phone that five others wait for: 409; it is there when they have gone', async () => {
    const identity = new MemoryPhoneIdentityStore()
    const all = await couple({ identity })
    const stop = await serving(all.phone, { onCall: NEVER })
    const leave = await callers(5, around, identity)
    expect(await ended(all)).toMatchObject({ event: 'failed' })
    expect(all.laptop.steps.at(-1)).toBe('PxpUpdate(Error(PxpTunnel(UnexpectedStatus(409))))')
    expect(await all.laptop.known()).toEqual([PHONE_NAME])
    leave()
    await stop()
    await serving(all.phone)
    await signedIn(all)
  })

  test('four others wait: the fifth is let in', async () => {
    const identity = new MemoryPhoneIdentityStore()
    const all = await couple({ identity })
    await serving(all.phone, { onCall: NEVER })
    const leave = await callers(4, around, identity)
    await all.laptop.begin(await all.site.signIn({}, BY_LINK))
    await expect.poll(() => all.laptop.steps, SOON).toContain('PxpUpdate(ProximityCheck)')
    leave()
  })

  test('a call that the owner declines leaves the laptop waiting until its user gives up', async () => {
    const all = await couple()
    await serving(all.phone, { onCall: () => false })
    await all.laptop.begin(await all.site.signIn({}, BY_LINK))
    await expect.poll(() => all.laptop.steps, SOON).toContain('PxpUpdate(ProximityCheck)')
    all.laptop.cancel()
    expect(await all.laptop.end()).toEqual({ event: 'cancelled' })
  })

  test('two laptops that one phone knows sign in at the same time', async () => {
    const { site, phone, laptop } = await couple()
    const other = { laptop: await around.laptop(), site: await Site.open() }
    await other.site.registered(other.laptop, phone, { userName: 'grace@example.com' }, REMEMBERED)
    await serving(phone)
    other.site.rp.credentials.push(...site.rp.credentials)
    site.rp.credentials.push(...other.site.rp.credentials)
    await Promise.all([signedIn({ site, laptop }), signedIn(other)])
    expect(await phone.hybrid.links()).toHaveLength(2)
  })
}
