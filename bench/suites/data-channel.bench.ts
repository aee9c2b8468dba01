import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { wsDialer } from 'fido-hybrid/adapters/ws'
import { serveTunnel } from 'fido-hybrid/service'
import type { Suite } from '../harness/group.js'
import { delayingDialer } from './registration/delaying-dialer.js'
import { registrar } from './registration/devices.js'

const ONE_WAY_MS = 25
const [CHANNEL, TUNNEL] = ['simulated data channel', `tunnel, ${ONE_WAY_MS} ms each way`]

/** A registration over a data channel of Bluetooth beside one through a tunnel: the same messages, another way. */
export const measure: Suite = async context => {
  const service = await serveTunnel({ port: 0 })
  const channel = new Journey()
  const tunnel = new Journey()
  const shared = { crypto: nodeCryptoProvider, tunnelUrl: service.url }
  const counted = { sent: () => tunnel.count() }
  const overChannel = registrar({
    ...shared,
    laptopDialer: wsDialer(),
    phoneDialer: wsDialer(),
    dataChannel: 'ble',
    onChannelMessage: () => channel.count(),
    onProgress: ({ event }) => channel.step(event),
  })
  const overTunnel = registrar({
    ...shared,
    laptopDialer: delayingDialer(wsDialer(), ONE_WAY_MS, counted),
    phoneDialer: delayingDialer(wsDialer(), ONE_WAY_MS, counted),
    onProgress: ({ event }) => tunnel.step(event),
  })
  const pace = { rounds: context.quick ? 2 : 15 }
  const variants = (from: string, to: string): readonly { name: string; sample: () => Promise<number> }[] => [
    { name: CHANNEL, sample: () => channel.time(overChannel, from, to) },
    { name: TUNNEL, sample: () => tunnel.time(overTunnel, from, to) },
  ]
  const claims = [{ of: CHANNEL, against: TUNNEL, measure: 'cost' }] as const
  try {
    await context.group({
      name: 'connecting',
      title: 'From the phone’s advert to its introduction',
      unit: 'ms',
      pace,
      variants: variants('advert-seen', 'connected'),
      claims,
    })
    await context.group({
      name: 'registration',
      title: 'From the phone’s advert to the passkey',
      unit: 'ms',
      pace,
      variants: variants('advert-seen', 'response'),
      claims,
    })
    await context.group({
      name: 'messages',
      title: 'Messages of one registration, both directions',
      unit: 'messages',
      pace: { rounds: 1 },
      variants: [
        { name: CHANNEL, sample: () => channel.messages },
        { name: TUNNEL, sample: () => tunnel.messages },
      ],
      claims: [
        { of: CHANNEL, against: TUNNEL, atMost: 1 },
        { of: TUNNEL, against: CHANNEL, atMost: 1 },
      ],
    })
  } finally {
    await service.close()
  }
}

/** When the steps of one registration came, and how many messages it took. */
class Journey {
  readonly #steps = new Map<string, number>()
  messages = 0

  count(): void {
    this.messages += 1
  }

  step(event: string): void {
    this.#steps.set(event, performance.now())
  }

  /** @returns how long it took from one step to another, ms. */
  async time(register: () => Promise<void>, from: string, to: string): Promise<number> {
    this.#steps.clear()
    this.messages = 0
    await register()
    return (this.#steps.get(to) ?? NaN) - (this.#steps.get(from) ?? NaN)
  }
}
