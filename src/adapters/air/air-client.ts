/**
 * A simulated radio for several processes of this machine: one that connects to the hub, on Node.
 * @module
 */
import type { BleAdvertiser, BleScanner } from '../../ports/ble.js'
import type { AirDevice } from './air.js'
import type { OpenSocket } from './connection.js'
import { hubAdvertiser, hubScanner } from './hub-radio.js'
import { dialLoopback, listenOnLoopback } from './loopback-channels.js'
import { MAX_AIR_MESSAGE_BYTES } from './message.js'

const CLOSE_TIMEOUT_MS = 1000
const OPTIONS: object = {
  perMessageDeflate: false,
  maxPayload: MAX_AIR_MESSAGE_BYTES,
  closeTimeout: CLOSE_TIMEOUT_MS,
}

/**
 * Hears the adverts of an air hub; each scan has a connection of its own.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 *
 * @example
 * const client = new HybridClient({ ...nodePlatform(), scanner: airScanner('ws://127.0.0.1:4434/air') })
 */
export function airScanner(url: string): BleScanner {
  return hubScanner(url, withPackage)
}

/**
 * Puts adverts on an air hub; each has a connection of its own and leaves the air with it.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 *
 * @example
 * const phone = new HybridAuthenticator({ ...nodePlatform(), advertiser: airAdvertiser('ws://127.0.0.1:4434/air'), handler })
 */
export function airAdvertiser(url: string): BleAdvertiser {
  return hubAdvertiser(url, withPackage)
}

/**
 * A machine at an air hub, with data channels: they go over TCP on loopback, and its adverts say where.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 *
 * @example
 * const { scanner, advertiser } = airDevice('ws://127.0.0.1:4434/air')
 */
export function airDevice(url: string): AirDevice {
  const proximity = 'simulated'
  const ports = new Set<number>()
  return {
    scanner: airScanner(url),
    advertiser: hubAdvertiser(url, withPackage, () => [...ports].at(-1)),
    dataChannelDialer: { proximity, dial: dialLoopback },
    dataChannelListener: { proximity, listen: listening => listenOnLoopback(listening, ports) },
  }
}

async function withPackage(): Promise<OpenSocket> {
  const { WebSocket } = await import('ws')
  return url => new WebSocket(url, OPTIONS)
}
