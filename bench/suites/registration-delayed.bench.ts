import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { wsDialer } from 'fido-hybrid/adapters/ws'
import { serveTunnel } from 'fido-hybrid/service'
import type { Suite } from '../harness/group.js'
import type { TimelineEvent } from '../harness/result.js'
import { bareRoundTrips } from './registration/bare-round-trips.js'
import { delayingDialer } from './registration/delaying-dialer.js'
import { registrar } from './registration/devices.js'

const ONE_WAY_MS = 25
const LAPTOP_SAYS = ['Noise message 1', 'makeCredential', 'goodbye']
const PHONE_SAYS = ['Noise message 2', 'getInfo (post-handshake)', 'passkey']
/** The laptop has the passkey with this message of the phone. */
const PASSKEY = PHONE_SAYS.length - 1
const [HANDSHAKE, ROUND_TRIPS] = ['handshake + makeCredential', 'two bare round trips']
const [MESSAGES, MINIMUM] = ['messages of a registration', 'the least possible']

/** What people wait for: a tunnel that takes 25 ms each way. */
export const measure: Suite = async context => {
  const service = await serveTunnel({ port: 0 })
  const dialer = wsDialer()
  const journey = new Journey()
  const register = registrar({
    crypto: nodeCryptoProvider,
    tunnelUrl: service.url,
    laptopDialer: delayingDialer(dialer, ONE_WAY_MS, journey.laptop),
    phoneDialer: delayingDialer(dialer, ONE_WAY_MS, journey.phone),
  })
  const delayed = { dialer: delayingDialer(dialer, ONE_WAY_MS), base: service.url }
  try {
    const measured = await context.group({
      name: 'waiting',
      title: `A registration through a tunnel of ${ONE_WAY_MS} ms each way: from Noise message 1 to the passkey`,
      unit: 'ms',
      pace: { rounds: context.quick ? 2 : 21 },
      variants: [
        {
          name: HANDSHAKE,
          sample: async () => {
            journey.begin()
            await register()
            return journey.end()
          },
        },
        { name: ROUND_TRIPS, sample: () => bareRoundTrips(delayed, delayed, 2) },
      ],
      claims: [{ of: HANDSHAKE, against: ROUND_TRIPS, atMost: 1.05 }],
      timeline: () => journey.timeline(),
    })
    const messages = measured.timeline?.length ?? 0
    await context.group({
      name: 'messages',
      title: 'Messages through the tunnel in one registration, both directions',
      unit: 'messages',
      pace: { rounds: 1 },
      variants: [
        { name: MESSAGES, sample: () => messages },
        { name: MINIMUM, sample: () => LAPTOP_SAYS.length + PHONE_SAYS.length },
      ],
      claims: [{ of: MESSAGES, against: MINIMUM, atMost: 1 }],
    })
  } finally {
    await service.close()
  }
}

/** When each message of a registration left and arrived. */
class Journey {
  #fromLaptop = new Direction()
  #fromPhone = new Direction()
  #least: { readonly waited: number; readonly timeline: readonly TimelineEvent[] } | undefined
  readonly laptop = { sent: () => this.#fromLaptop.leave(), arrived: () => this.#fromPhone.arrive() }
  readonly phone = { sent: () => this.#fromPhone.leave(), arrived: () => this.#fromLaptop.arrive() }

  begin(): void {
    this.#fromLaptop = new Direction()
    this.#fromPhone = new Direction()
  }

  /** How long the laptop waited for the passkey, ms. */
  end(): number {
    const start = this.#fromLaptop.left[0] ?? NaN
    const waited = (this.#fromPhone.arrived[PASSKEY] ?? NaN) - start
    if (Number.isNaN(waited)) throw new Error('the passkey did not arrive')
    const timeline = [
      ...this.#fromLaptop.events('laptop', LAPTOP_SAYS, start),
      ...this.#fromPhone.events('phone', PHONE_SAYS, start),
    ].sort((left, right) => left.from - right.from)
    if (waited < (this.#least?.waited ?? Infinity)) this.#least = { waited, timeline }
    return waited
  }

  /** Of the registration that was disturbed the least. */
  timeline(): readonly TimelineEvent[] {
    return this.#least?.timeline ?? []
  }
}

class Direction {
  readonly left: number[] = []
  readonly arrived: number[] = []

  leave(): void {
    this.left.push(performance.now())
  }

  arrive(): void {
    this.arrived.push(performance.now())
  }

  /** A goodbye that the phone did not wait for has no arrival of its own. */
  events(lane: string, names: readonly string[], start: number): TimelineEvent[] {
    return this.left.map((left, index) => ({
      lane,
      name: names[index] ?? 'one more',
      from: left - start,
      to: (this.arrived[index] ?? left + ONE_WAY_MS) - start,
    }))
  }
}
