import type { BleAdvertiser, BleScanner } from '../../ports/ble.js'
import type { OpenSocket } from './connection.js'
import { hubAdvertiser, hubScanner } from './hub-radio.js'
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
 */
export function airScanner(url: string): BleScanner {
  return hubScanner(url, withPackage)
}

/**
 * Puts adverts on an air hub; each has a connection of its own and leaves the air with it.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 */
export function airAdvertiser(url: string): BleAdvertiser {
  return hubAdvertiser(url, withPackage)
}

async function withPackage(): Promise<OpenSocket> {
  const { WebSocket } = await import('ws')
  return url => new WebSocket(url, OPTIONS)
}
