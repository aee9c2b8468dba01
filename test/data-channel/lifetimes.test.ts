import { expect, test } from 'vitest'
import { createAir } from '../../src/adapters/air/air.js'
import type { AirDevice } from '../../src/adapters/air/air.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import type { DataChannel } from '../../src/ports/data-channel.js'
import type { DataChannelChoice } from '../../src/qr/data-channel.js'
import { createPair } from '../support/pair.js'

type Role = ProgressEvent['role']

/** What is in use, by name. */
class Uses {
  readonly #held = new Set<{ readonly name: string }>()

  get names(): readonly string[] {
    return [...this.#held].map(({ name }) => name)
  }

  /** @returns what ends the use, as its port does. */
  hold(name: string, end: () => Promise<void>): () => Promise<void> {
    const use = { name }
    this.#held.add(use)
    return () => {
      this.#held.delete(use)
      return end()
    }
  }
}

/** A device whose uses are known. */
function watched(device: AirDevice, uses: Uses): AirDevice {
  const proximity = 'simulated'
  const held = (name: string, channel: DataChannel): DataChannel => ({
    send: bytes => channel.send(bytes),
    close: uses.hold(name, () => channel.close()),
  })
  return {
    scanner: {
      proximity,
      scan: listener => {
        const scan = device.scanner.scan(listener)
        return { stop: uses.hold('scan', () => scan.stop()) }
      },
    },
    advertiser: {
      proximity,
      advertise: (...args) => {
        const advert = device.advertiser.advertise(...args)
        return { stop: uses.hold('advert', () => advert.stop()) }
      },
    },
    dataChannelDialer: {
      proximity,
      dial: (...args) => held('dialled', device.dataChannelDialer.dial(...args)),
    },
    dataChannelListener: {
      proximity,
      listen: listening => {
        const use = device.dataChannelListener.listen({
          started: psm => listening.started(psm),
          failed: error => listening.failed(error),
          accepted: channel => listening.accepted(held('accepted', channel)),
        })
        return { stop: uses.hold('listener', () => use.stop()) }
      },
    },
  }
}

interface Run {
  /** The steps of the role that is watched. */
  readonly steps: readonly string[]
  /** What is in use when both are done. */
  readonly left: readonly string[]
  readonly alarms: number
}

/** A ceremony of which one device is given up at its step of that number; 0 is before it begins. */
async function givenUpAt(dataChannel: DataChannelChoice, role: Role, step: number): Promise<Run> {
  const [uses, steps, air] = [new Uses(), new Array<string>(), createAir()]
  const [laptop, handset] = [watched(air.device(), uses), watched(air.device(), uses)]
  const pair = createPair({ ...laptop, dataChannel }, { ...handset, dataChannel }, air)
  const controllers = { client: new AbortController(), authenticator: new AbortController() }
  const note = (): void => {
    if (steps.length === step) controllers[role].abort()
  }
  const onProgress = (event: ProgressEvent): void => {
    if (event.role !== role) return
    steps.push(event.event)
    note()
  }
  note()
  let served: Promise<unknown> = Promise.resolve()
  const connected = pair.client.connect({
    onProgress,
    signal: controllers.client.signal,
    onQr: ({ url }) => {
      served = pair.phone.scan(url, {
        source: 'camera',
        onProgress,
        signal: controllers.authenticator.signal,
      })
      served.catch(() => undefined)
    },
  })
  const closed = connected.then(async connection => {
    await connection.call(Uint8Array.of(1)).catch(() => undefined)
    await connection.close()
  })
  closed.catch(() => undefined)
  await pair.clock.advance(600_000)
  await Promise.allSettled([closed, served])
  return { steps, left: uses.names, alarms: pair.clock.pending }
}

test.each([
  ['ble', 'client'],
  ['ble', 'authenticator'],
  ['auto', 'client'],
  ['auto', 'authenticator'],
] as const)(
  'with %s, a ceremony whose %s gives up at any step leaves no scan, advert, listener, channel or alarm',
  async (dataChannel, role) => {
    const { steps } = await givenUpAt(dataChannel, role, Infinity)
    expect(steps.at(-1)).toBe('closed')
    for (let step = 0; step <= steps.length; step++) {
      const { left, alarms } = await givenUpAt(dataChannel, role, step)
      expect({ step, left, alarms }).toEqual({ step, left: [], alarms: 0 })
    }
  },
)
