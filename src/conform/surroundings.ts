import { createAir } from '../adapters/air/air.js'
import type { Air } from '../adapters/air/air.js'
import { nodeCryptoProvider } from '../adapters/node-crypto/node-crypto.js'
import { systemClock, systemRandom } from '../adapters/system/system.js'
import { wsDialer } from '../adapters/ws/ws.js'
import { decodeHex, encodeHex } from '../bytes/hex.js'
import type { BleAdvertiser, RadioListener } from '../ports/ble.js'
import type { TunnelDialer } from '../ports/tunnel-dialer.js'
import type { LabSurroundings } from '../testing/lab.js'
import { advertLine } from './contract.js'
import type { DrivenCommand } from './driven-command.js'
import type { Timeline } from './timeline.js'

/** Real phones advertise about every 100 ms. */
const REPEAT_MS = 250

/** What a played peer has around it. */
export function surroundingsOf(air: Air, dialer: TunnelDialer, timeline: Timeline): LabSurroundings {
  return {
    air,
    dialer: watchedDialer(dialer, timeline),
    clock: systemClock,
    crypto: nodeCryptoProvider,
    random: systemRandom,
  }
}

/** Dials the tunnel service of a case, whatever the domain of a URL is. */
export function dialerTo(url: string, ca?: Buffer): TunnelDialer {
  const sockets = wsDialer({ proxy: false, closeTimeoutMs: 200, ca })
  return {
    dial: (request, listener) =>
      sockets.dial({ ...request, url: request.url.replace(/^wss:\/\/[^/]+/, url) }, listener),
  }
}

/** An air whose adverts go to a client under test. */
export function airTo(command: DrivenCommand, timeline: Timeline): Air {
  const air = createAir()
  const advertiser = (): BleAdvertiser => lineAdvertiser(command, timeline)
  return { ...air, advertiser, device: () => ({ ...air.device(), advertiser: advertiser() }) }
}

/** Puts the adverts on the air that a phone under test prints. */
export function advertiseFor(command: DrivenCommand, air: Air): void {
  command.onLine(line => {
    if (line.kind === 'advert') air.advertiser().advertise(decodeHex(line.serviceData), SILENT)
  })
}

const SILENT: RadioListener = { started: () => undefined, failed: () => undefined }

function lineAdvertiser(command: DrivenCommand, timeline: Timeline): BleAdvertiser {
  return {
    proximity: 'simulated',
    advertise(serviceData, listener) {
      const line = advertLine(encodeHex(serviceData))
      timeline.note('peer', `advertises ${serviceData.length} bytes`)
      command.write(line)
      const repeats = setInterval(() => command.write(line), REPEAT_MS)
      queueMicrotask(() => listener.started())
      void command.gone.then(() => clearInterval(repeats))
      return {
        stop: () => {
          clearInterval(repeats)
          return Promise.resolve()
        },
      }
    },
  }
}

function watchedDialer(dialer: TunnelDialer, timeline: Timeline): TunnelDialer {
  const note = (text: string): void => timeline.note('peer', text)
  return {
    staysInProcess: true,
    dial(request, listener) {
      const tunnel = dialer.dial(request, {
        open: headers => {
          note('its tunnel is open')
          listener.open(headers)
        },
        message: bytes => {
          note(`gets ${bytes.length} bytes`)
          listener.message(bytes)
        },
        closed: end => {
          note(`its tunnel was closed with code ${end.code}`)
          listener.closed(end)
        },
        failed: error => {
          note(`its tunnel failed: ${error.message}`)
          listener.failed(error)
        },
      })
      return {
        send: bytes => {
          note(`sends ${bytes.length} bytes`)
          tunnel.send(bytes)
        },
        close: () => {
          note('leaves its tunnel')
          return tunnel.close()
        },
      }
    },
  }
}
