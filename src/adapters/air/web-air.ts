/**
 * A simulated radio for several processes of this machine: one that connects to the hub by the runtime’s WebSocket.
 * @module
 */
import { UnsupportedError } from '../../errors.js'
import type { BleScanner } from '../../ports/ble.js'
import type { OpenSocket } from './connection.js'
import { hubScanner } from './hub-radio.js'
import { platformWebSocket } from '../sockets/web-socket-class.js'

/**
 * Hears the adverts of an air hub over the platform’s WebSocket: `airScanner` for a page, in demos and tests. The hub has
 * to name the page’s origin among its `origins`.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 *
 * @example
 * const client = new HybridClient(webPlatform({ scanner: webAirScanner('ws://127.0.0.1:4434/air') }))
 */
export function webAirScanner(url: string): BleScanner {
  return hubScanner(url, withPlatform)
}

function withPlatform(): Promise<OpenSocket> {
  const WebSocket = platformWebSocket()
  if (WebSocket === undefined)
    return Promise.reject(new UnsupportedError('capability-missing', 'this platform has no WebSocket'))
  return Promise.resolve(url => new WebSocket(url.href))
}
