import { equalBytes } from '../../bytes/bytes.js'
import { ProximityError } from '../../errors.js'
import type { BleAdvertiser, BleScanner } from '../../ports/ble.js'
import { AirConnection, airUrl } from './connection.js'
import type { OpenSocket } from './connection.js'
import { loopbackSender } from './loopback-sender.js'
import type { AirMessage } from './message.js'
import { notConnectable } from './not-connectable.js'

/** A scanner at an air hub; each scan has a connection of its own. @throws ProximityError `air-not-loopback`. */
export function hubScanner(url: string, opener: () => Promise<OpenSocket>): BleScanner {
  const hub = airUrl(url)
  return {
    proximity: 'simulated',
    scan(listener) {
      const connection = new AirConnection(hub, opener(), {
        open() {
          listener.started()
        },
        message({ type, uuid, serviceData, channelPort }) {
          if (type !== 'advert') return
          const from = channelPort === undefined ? undefined : loopbackSender(channelPort)
          listener.advert({ uuid, serviceData, from })
        },
        failed(cause) {
          listener.failed(new ProximityError('ble-scan-failed', `no air hub at ${hub.host}`, { cause }))
        },
      })
      return { stop: () => connection.close() }
    },
  }
}

/**
 * An advertiser at an air hub; each advert has a connection of its own.
 * @param channelPort where its data channels are taken at the moment; undefined for a radio without any.
 * @throws ProximityError `air-not-loopback`.
 */
export function hubAdvertiser(
  url: string,
  opener: () => Promise<OpenSocket>,
  channelPort?: () => number | undefined,
): BleAdvertiser {
  const hub = airUrl(url)
  return {
    proximity: 'simulated',
    advertise(serviceData, listener, { connectable = false } = {}) {
      if (connectable && channelPort === undefined) return notConnectable(listener)
      const advert: AirMessage = {
        type: 'advert',
        uuid: 'fff9',
        serviceData: new Uint8Array(serviceData),
        channelPort: channelPort?.(),
      }
      let started = false
      const connection = new AirConnection(hub, opener(), {
        open() {
          connection.send(advert)
        },
        // The hub sends an advert to all clients, this one included: then it is on the air.
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
