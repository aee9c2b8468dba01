import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AuthenticationResponseJSON, ServeResult } from '../../src/index.js'
import { createLab, createRelyingParty, VirtualClock } from '../../src/testing.js'
import type { LabPhone, RelyingParty } from '../../src/testing.js'
import { KILLED, Killer } from '../support/killer.js'
import type { Kill } from '../support/killer.js'

const ORIGIN = 'https://example.com'
const USER_ID = Uint8Array.of(1, 2, 3)
const STEPS_MAX = 36

interface Aftermath {
  readonly phone: LabPhone
  readonly rp: RelyingParty
  /** The passkey that worked before. */
  readonly old: string
  /** Whether the second registration reached the relying party. */
  readonly hasArrived: boolean
  /** The phone signs in, and the relying party names no passkey. */
  readonly signIn: () => Promise<AuthenticationResponseJSON>
}

/** An account registers, and once more without an exclude list: the second time somebody is killed. */
async function registerTwice(kill: Kill): Promise<Aftermath> {
  const killer = new Killer(kill)
  const clock = new VirtualClock()
  const lab = createLab({ clock, tunnel: killer.tunnel })
  const rp = await createRelyingParty({ origin: ORIGIN })
  const phone = lab.phone({ profile: kill.profile })
  let served: Promise<ServeResult> | undefined
  const onQr = ({ url }: { url: string }): unknown =>
    (served = phone.scan(url, { signal: killer.phone.signal, onProgress: killer.step }))
  const settled = async <Response>(ceremony: Promise<Response>): Promise<PromiseSettledResult<Response>> => {
    const ended = Promise.allSettled([ceremony])
    await clock.advance(1_000_000)
    const [outcome] = await ended
    await served?.catch(() => undefined)
    return outcome
  }
  const register = async (): Promise<string | undefined> => {
    const options = await rp.creationOptions({ userID: USER_ID })
    const own = { origin: ORIGIN, signal: killer.client.signal, onProgress: killer.step, onQr }
    const outcome = await settled(lab.client().create(options, own))
    return outcome.status === 'fulfilled' ? (await rp.register(outcome.value)).id : undefined
  }
  const old = await register()
  if (old === undefined) throw new Error('the first registration failed')
  killer.arm()
  const hasArrived = (await register()) !== undefined
  killer.disarm()
  return {
    phone,
    rp,
    old,
    hasArrived,
    signIn: async () => {
      const again = ({ url }: { url: string }): unknown => (served = phone.scan(url))
      const options = await rp.requestOptions({ allowCredentials: [] })
      const outcome = await settled(lab.client().get(options, { origin: ORIGIN, onQr: again }))
      if (outcome.status === 'fulfilled') return outcome.value
      throw outcome.reason
    },
  }
}

const kills: fc.Arbitrary<Kill> = fc.record({
  who: fc.constantFrom(...KILLED),
  after: fc.nat({ max: STEPS_MAX }),
  profile: fc.constantFrom('generic', 'ios'),
})

test('an account whose second registration is killed anywhere signs in with a passkey that its site knows', async () => {
  const seen = { old: 0, both: 0, new: 0 }
  await fc.assert(
    fc.asyncProperty(kills, async kill => {
      const { phone, rp, old, hasArrived, signIn } = await registerTwice(kill)
      const stored = (await phone.store.list()).map(({ credentialId, confirmed }) => ({
        id: Buffer.from(credentialId).toString('base64url'),
        confirmed,
      }))
      const [first, second] = stored
      expect(first?.confirmed).toBe(true)
      if (first?.id === old) seen[second === undefined ? 'old' : 'both'] += 1
      else {
        seen.new += 1
        expect(hasArrived).toBe(true)
      }
      if (second !== undefined) expect(second).toMatchObject({ confirmed: false })
      expect(stored.length).toBeLessThan(3)
      await rp.signIn(await signIn())
    }),
    { numRuns: 100, seed: 4 },
  )
  // The kills were spread so that each of the three ends was met.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5)
}, 60_000)

test('a response that cannot be handed over leaves the passkey that works', async () => {
  const lab = createLab()
  const rp = await createRelyingParty({ origin: ORIGIN })
  const phone = lab.phone()
  let served: Promise<unknown> | undefined
  const onQr = ({ url }: { url: string }): unknown => (served = phone.scan(url))
  const options = { origin: ORIGIN, onQr }
  await rp.register(await lab.client().create(await rp.creationOptions({ userID: USER_ID }), options))
  await served
  const refused = lab.client().create(await rp.creationOptions({ userID: USER_ID }), {
    ...options,
    onResponse: () => Promise.reject(new Error('the server is away')),
  })
  await expect(refused).rejects.toMatchObject({ code: 'callback-failed' })
  await served
  const [unconfirmed] = await phone.unconfirmed()
  const signIn = async (): Promise<unknown> =>
    rp.signIn(await lab.client().get(await rp.requestOptions({ allowCredentials: [] }), options))
  await signIn()
  expect(await phone.discard(unconfirmed?.credentialId ?? '')).toBe(true)
  await signIn()
})
