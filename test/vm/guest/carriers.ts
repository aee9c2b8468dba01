import type { ProgressEvent } from 'fido-hybrid'
import { nodePlatform } from 'fido-hybrid/node'
import { serveTunnel } from 'fido-hybrid/service'
import { delayingDialer } from '../../../bench/suites/registration/delaying-dialer.js'
import { watchedDialer, watchedListener } from '../../../bench/suites/registration/watched-channels.js'
import { meet, NO_SERVICE, quickRadio, registerTelling } from './channel-ceremony.js'
import type { Party } from './channel-ceremony.js'
import { advertise } from './data-channel.js'
import { quantiles } from './quantiles.js'

const ONE_WAY_MS = 25
/** As many rounds as there is time for, since every instruction is emulated. */
const [MAX_ROUNDS, ROUNDS_MS] = [20, 25_000]

/** Registrations over channels of the kernel and through tunnels, in turn: how long they take, and in how many messages. */
export async function compareCarriers(): Promise<object> {
  const [advert, service, radio] = [await advertise(), await serveTunnel({ port: 0 }), await quickRadio()]
  const platform = nodePlatform()
  const { dialer, dataChannelDialer, dataChannelListener } = platform
  if (!('dial' in dataChannelDialer)) throw dataChannelDialer
  if (!('listen' in dataChannelListener)) throw dataChannelListener
  const [channel, tunnel] = [new Journeys(), new Journeys()]
  const overChannel = await meet(
    { ...platform, dataChannelListener: watchedListener(dataChannelListener, () => channel.count()) },
    {
      ...radio,
      dataChannelDialer: watchedDialer(dataChannelDialer, () => channel.count()),
      dataChannel: 'ble',
      tunnelUrl: NO_SERVICE,
    },
  )
  const throughTunnel = await meet(
    { ...platform, dialer: delayingDialer(dialer, ONE_WAY_MS, { sent: () => tunnel.count() }) },
    { ...radio, dataChannelDialer, dataChannel: 'tunnel', tunnelUrl: service.url },
  )
  const end = performance.now() + ROUNDS_MS
  for (let round = 0; round < MAX_ROUNDS && performance.now() < end; round++) {
    await channel.take(overChannel)
    await tunnel.take(throughTunnel)
  }
  await Promise.all([advert.stop(), service.close()])
  return { channel: channel.result(), tunnel: tunnel.result() }
}

/** Registrations by one carrier. */
class Journeys {
  readonly #connectingMs: number[] = []
  readonly #registeringMs: number[] = []
  /** Of the last one, in both directions. */
  #messages = 0

  count(): void {
    this.#messages += 1
  }

  async take(party: Party): Promise<void> {
    this.#messages = 0
    const moments = new Map<ProgressEvent['event'], number>()
    await registerTelling(party, ({ role, event }) => {
      if (role === 'client') moments.set(event, performance.now())
    })
    const heardAt = moments.get('advert-seen') ?? NaN
    this.#connectingMs.push((moments.get('connected') ?? NaN) - heardAt)
    this.#registeringMs.push((moments.get('response') ?? NaN) - heardAt)
  }

  result(): object {
    return {
      rounds: this.#registeringMs.length,
      connectingMs: quantiles(this.#connectingMs),
      registeringMs: quantiles(this.#registeringMs),
      messages: this.#messages,
    }
  }
}
