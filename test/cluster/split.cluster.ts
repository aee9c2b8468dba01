import { describe, expect, it } from 'vitest'
import type { ContactTag } from '../../src/bytes/contact-tag.js'
import { natsDirectory } from '../../src/adapters/nats/nats.js'
import { redisDirectory } from '../../src/adapters/redis/redis.js'
import { someCall, someContact } from '../../src/testing/directory/harness.js'
import { ceremonies, register } from './ceremonies.js'
import { useClusters } from './clusters.js'
import { hasEngine, runNats, runRedis } from './engines.js'
import type { RunningEngine } from './engines.js'
import type { Instance } from './instances.js'
import { joined } from './joined.js'
import { linkTo } from './link.js'
import type { Link } from './link.js'
import { LinkedPhone, signIn } from './linked-phone.js'

/* A network splits: the connection to the engine stays open and carries nothing. An engine that is killed ends it. */

const clusters = useClusters()

async function split(engine: RunningEngine): Promise<Link> {
  const link = await linkTo(engine.port)
  clusters.closing(() => link.close())
  return link
}

const ENGINES = [
  ['NATS', 'nats-server', 'nats', runNats, natsDirectory],
  ['Redis', 'redis-server', 'redis', runRedis, redisDirectory],
] as const

/** So late that a word on a line of just now is not believed. */
const LATE_MS = 5100
const LOOPBACK = '127.0.0.1'
const LIMITS = '--limits=ringTimeoutMs=3000,maxCallsPerMinute=100'
type Address = Parameters<typeof signIn>[0]
const addressOf = ({ port }: Instance): Address => ({ url: `ws://${LOOPBACK}:${port}` })
const statusOf = (call: Promise<void>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => /\d{3}$/.exec(String(error))?.[0] ?? String(error),
  )

describe.each(ENGINES.filter(([, program]) => hasEngine(program)))(
  '%s behind a split',
  (_, __, scheme, run, make) => {
    it('is noticed by its silence, and after it both sides know what the other did meanwhile', async () => {
      const engine = await run()
      clusters.closing(() => engine.close())
      const link = await split(engine)
      const at = (port: number) => make({ url: `${scheme}://${LOOPBACK}:${port}` })
      const [cut, other] = [await joined(at(link.port)), await joined(at(engine.port))]
      for (const { membership, heard } of [cut, other]) {
        clusters.closing(() => membership.leave())
        await heard.until('up')
      }
      const [moved, late, revokedHere, revokedThere] = Array.from({ length: 4 }, someContact) as [
        ContactTag,
        ContactTag,
        ContactTag,
        ContactTag,
      ]
      for (const contact of [cut.contact, moved]) cut.membership.held(contact)
      other.membership.held(other.contact)
      await cut.untilAnswered(other, 'ringing')
      await other.untilAnswered(cut, 'ringing')

      link.split()
      // Its word comes across when the split heals; by then the phone has been elsewhere for long.
      cut.membership.held(late)
      other.membership.held(late)
      const since = performance.now()
      cut.membership.revoked([revokedHere])
      // Nobody has noticed: the holder may be slow. A call that ends when its own instance notices is `down`.
      const [mine, theirs] = [cut, other].map(({ membership }, index) =>
        membership.call((index === 0 ? other : cut).contact, someCall()),
      )
      expect(await theirs).toBe('silent')
      expect(['silent', 'down']).toContain(await mine)
      await cut.heard.until(/^down tunnel-unreachable /)
      expect(await cut.membership.call(other.contact, someCall())).toBe('down')
      other.membership.held(moved)
      other.membership.revoked([revokedThere])
      await other.heard.until(`revoked ${revokedThere}`)
      expect(cut.heard.seen).not.toContain(`revoked ${revokedThere}`)
      await expect.poll(() => performance.now() - since, { timeout: 10_000 }).toBeGreaterThan(LATE_MS)

      link.heal()
      await cut.untilAnswered(other, 'ringing')
      await other.untilAnswered(cut, 'ringing')
      for (const contact of [moved, late]) await cut.heard.until(`superseded ${contact}`)
      await cut.heard.until(`revoked ${revokedThere}`)
      await other.heard.until(`revoked ${revokedHere}`)
      expect(other.heard.seen.filter(word => /^(?:superseded|down)/.test(word))).toEqual([])
      const superseded = cut.heard.seen.filter(word => word.startsWith('superseded'))
      expect(new Set(superseded)).toEqual(new Set([`superseded ${moved}`, `superseded ${late}`]))
    })

    it('costs an instance calls to others and from others, nothing else, until it heals', async () => {
      const engine = await run()
      const link = await split(engine)
      const { instances, through } = await clusters.run(engine, scheme, {
        engineAt: place => (place === 0 ? link.port : engine.port),
        more: [LIMITS],
      })
      const [here, there, elsewhere] = instances.map(addressOf) as [Address, Address, Address]
      const lineAt = async (address: Address, options: object = {}): Promise<LinkedPhone> => {
        const phone = await LinkedPhone.at(address, { tunnelsAt: through, ...options })
        clusters.closing(() => phone.stop())
        return phone
      }
      const phones = [await lineAt(here), await lineAt(there), await lineAt(elsewhere)] as const
      /** What a client of each instance hears of the phone of each. */
      const table = (): Promise<readonly (readonly string[])[]> =>
        Promise.all(
          [here, there, elsewhere].map(address =>
            Promise.all(phones.map(({ key }) => statusOf(signIn(address, key, LOOPBACK)))),
          ),
        )
      const [done, lost] = ['done', '404']
      const whole = instances.map(() => [done, done, done])
      const cut = [
        [done, lost, lost],
        [lost, done, done],
        [lost, done, done],
      ]
      expect(await table()).toEqual(whole)
      link.split()
      const unnoticed = table()
      const [tally] = await Promise.all([
        ceremonies(Array.from({ length: 60 }, () => () => register(through))),
        instances[0]?.process.event('directory-down'),
      ])
      expect(tally).toEqual({ atOnce: 60, atSecond: 0, failed: [], reasons: [] })
      expect(await unnoticed).toEqual(cut)
      expect(await table()).toEqual(cut)

      // A phone moves away from the split, and behind it another one is given up.
      await lineAt(there, { key: phones[0].key })
      await lineAt(here, { revoked: [phones[2].key] })
      expect(phones.map(({ lost }) => lost)).toEqual([[], [], []])

      link.heal()
      await instances[0]?.process.event('directory-up')
      await expect
        .poll(() => phones.map(({ lost: codes }) => codes), { timeout: 10_000 })
        .toEqual([[4409], [], [4410]])
      expect(await table()).toEqual(instances.map(() => [done, done, '410']))
    })
  },
)
