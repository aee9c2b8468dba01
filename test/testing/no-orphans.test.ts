import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CeremonyOptions, RegistrationResponseJSON, ServeResult } from '../../src/index.js'
import { createLab, createRelyingParty, VirtualClock } from '../../src/testing.js'
import type { LabPhone, RelyingParty } from '../../src/testing.js'
import type { VirtualEvent } from '../../src/virtual.js'
import { KILLED, Killer } from '../support/killer.js'
import type { Kill } from '../support/killer.js'

const ORIGIN = 'https://example.com'
interface Aftermath {
  readonly phone: LabPhone
  readonly known: readonly string[]
  readonly told: readonly VirtualEvent[]
}

async function registerAndKill(kill: Kill): Promise<Aftermath> {
  const killer = new Killer(kill)
  killer.arm()
  const clock = new VirtualClock()
  const lab = createLab({ clock, tunnel: killer.tunnel })
  const rp = await createRelyingParty({ origin: ORIGIN })
  const told: VirtualEvent[] = []
  const phone = lab.phone({ profile: kill.profile, onEvent: event => told.push(event) })
  let served: Promise<ServeResult> | undefined
  const registering = lab.client().create(await rp.creationOptions(), {
    origin: ORIGIN,
    signal: killer.client.signal,
    onProgress: killer.step,
    onQr: ({ url }) => (served = phone.scan(url, { signal: killer.phone.signal, onProgress: killer.step })),
  })
  const ended = Promise.allSettled([registering])
  await clock.advance(1_000_000)
  const [outcome] = await ended
  await served?.catch(() => undefined)
  if (outcome.status === 'fulfilled') await rp.register(outcome.value)
  return { phone, told, known: rp.credentials.map(({ id }) => id) }
}

const kills: fc.Arbitrary<Kill> = fc.record({
  who: fc.constantFrom(...KILLED),
  after: fc.nat({ max: 36 }),
  profile: fc.constantFrom('generic', 'ios'),
})

test('a registration that is killed anywhere leaves no passkey that is unknown to user and relying party', async () => {
  const seen = { confirmed: 0, unconfirmed: 0, none: 0 }
  await fc.assert(
    fc.asyncProperty(kills, async kill => {
      const { phone, known, told } = await registerAndKill(kill)
      const [passkey, ...more] = await phone.store.list()
      const open = await phone.unconfirmed()
      expect(more).toEqual([])
      if (passkey === undefined) {
        seen.none += 1
        expect(known).toEqual([])
      } else if (passkey.confirmed) {
        seen.confirmed += 1
        expect(known).toEqual([Buffer.from(passkey.credentialId).toString('base64url')])
      } else {
        seen.unconfirmed += 1
        expect(open).toHaveLength(1)
        expect(told.at(-1)).toMatchObject({ event: 'unconfirmed', credentialId: open[0]?.credentialId })
        expect(await phone.discard(open[0]?.credentialId ?? '')).toBe(true)
        expect(await phone.store.list()).toEqual([])
      }
    }),
    { numRuns: 200, seed: 4 },
  )
  // The kills were spread so that each of the three ends was met.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5)
}, 60_000)

test.each(['generic', 'ios', 'android'] as const)(
  'left alone, a registration on %s is confirmed',
  async profile => {
    const { phone, known, told } = await registerAndKill({ who: 'nobody', after: 0, profile })
    expect(known).toHaveLength(1)
    expect(await phone.store.list()).toMatchObject([{ confirmed: true }])
    expect(await phone.unconfirmed()).toEqual([])
    expect(told.map(({ event }) => event)).toEqual(['registered'])
  },
)

describe('the phone hears goodbye', () => {
  async function registerWith(
    ceremony: (phone: LabPhone, rp: RelyingParty) => Pick<CeremonyOptions, 'onResponse' | 'onCtap'>,
  ): Promise<{ outcome: PromiseSettledResult<RegistrationResponseJSON>; confirmed: readonly boolean[] }> {
    const lab = createLab()
    const rp = await createRelyingParty({ origin: ORIGIN })
    const phone = lab.phone()
    let served: Promise<unknown> | undefined
    const onQr = ({ url }: { url: string }): unknown => (served = phone.scan(url))
    const own = { origin: ORIGIN, onQr, ...ceremony(phone, rp) }
    const [outcome] = await Promise.allSettled([lab.client().create(await rp.creationOptions(), own)])
    await served
    return { outcome, confirmed: await marks(phone) }
  }

  const marks = async ({ store }: LabPhone): Promise<boolean[]> =>
    (await store.list()).map(({ confirmed }) => confirmed)

  test('after the response has been handed over', async () => {
    const known: unknown[] = []
    const { outcome, confirmed } = await registerWith((phone, rp) => ({
      onResponse: async response => {
        await rp.register(response as RegistrationResponseJSON)
        known.push(...rp.credentials.map(({ id }) => id), ...(await marks(phone)))
      },
    }))
    expect(outcome).toMatchObject({ status: 'fulfilled', value: { id: known[0] } })
    expect(known).toEqual([expect.any(String), false])
    expect(confirmed).toEqual([true])
  })

  test.each(['onResponse', 'onCtap'] as const)('never, when %s throws', async name => {
    const { outcome, confirmed } = await registerWith(() => ({
      [name]: () => {
        throw new Error('the relying party does not want it')
      },
    }))
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { name: 'OperationError', code: 'callback-failed', message: `${name} threw` },
    })
    expect(confirmed).toEqual([false])
  })
})
