import { equalBytes } from '../bytes/bytes.js'
import { ProximityError } from '../errors.js'
import type { BleAdvertiser, BleScanner } from '../ports/ble.js'
import { AirConnection, airUrl } from './air/connection.js'
import type { AirMessage } from './air/message.js'

/**
 * Hears the adverts of an air hub; each scan has a connection of its own.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 */
export function airScanner(url: string): BleScanner {
  const hub = airUrl(url)
  return {
    proximity: 'simulated',
    scan(listener) {
      const connection = new AirConnection(hub, {
        open() {
          listener.started()
        },
        message({ type, uuid, serviceData }) {
          if (type === 'advert') listener.advert({ uuid, serviceData })
        },
        failed(cause) {
          listener.failed(new ProximityError('scan-failed', `no air hub at ${hub.host}`, { cause }))
        },
      })
      return { stop: () => connection.close() }
    },
  }
}

/**
 * Puts adverts on an air hub; each has a connection of its own and leaves the air with it.
 * @param url such as `ws://127.0.0.1:4434/air`.
 * @throws ProximityError `air-not-loopback`.
 */
export function airAdvertiser(url: string): BleAdvertiser {
  const hub = airUrl(url)
  return {
    proximity: 'simulated',
    advertise(serviceData, listener) {
      const advert: AirMessage = { type: 'advert', uuid: 'fff9', serviceData: new Uint8Array(serviceData) }
      let started = false
      const connection = new AirConnection(hub, {
        open() {
          connection.send(advert)
        },
        // The hub tells everybody, us too: then it is on the air.
        message(heard) {
          if (started || !equalBytes(heard.serviceData, advert.serviceData)) return
          started = true
          listener.started()
        },
        failed(cause) {
          listener.failed(new ProximityError('advertise-failed', `no air hub at ${hub.host}`, { cause }))
        },
      })
      return {
        stop() {
          connection.send({ ...advert, type: 'stop' })
          return connection.close()
        },
      }
    },
  }
}
