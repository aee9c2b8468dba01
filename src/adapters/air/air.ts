/**
 * A simulated radio within this process, for tests.
 * @module
 */
import type {
  Advertisement,
  RadioListener,
  AdvertReport,
  BleAdvertiser,
  BleScanner,
  BleScan,
  BleScanListener,
} from '../../ports/ble.js'
import type { AdvertSender, DataChannelDialer, DataChannelListener } from '../../ports/data-channel.js'
import { MemoryChannels } from './memory-channels.js'
import { soon } from './soon.js'

/** A radio that exists in this process only. */
export interface Air {
  /** A scanner that hears all adverts of this air. */
  scanner(): BleScanner
  /** An advertiser that all scanners of this air hear. */
  advertiser(): BleAdvertiser
  /** A machine with a radio of its own: its adverts say where its data channels are dialled. */
  device(): AirDevice
}

/** What one machine does in the air. */
export interface AirDevice {
  readonly scanner: BleScanner
  readonly advertiser: BleAdvertiser
  readonly dataChannelDialer: DataChannelDialer
  readonly dataChannelListener: DataChannelListener
}

/**
 * Creates a simulated radio. Every scanner hears every current advert at once, in whatever order they started.
 *
 * @example
 * const air = createAir()
 * const client = new HybridClient({ ...platform, scanner: air.scanner() })
 * const phone = new HybridAuthenticator({ ...platform, handler, advertiser: air.advertiser() })
 */
export function createAir(): Air {
  const air = new MemoryAir()
  const device = (): AirDevice => air.device()
  return { device, scanner: () => device().scanner, advertiser: () => device().advertiser }
}

/** An advert on the air. */
interface Sent {
  readonly serviceData: Uint8Array
  readonly from: AdvertSender
}

class MemoryAir {
  readonly #scans = new Set<BleScanListener>()
  readonly #adverts = new Set<Sent>()
  readonly #channels = new MemoryChannels()
  #devices = 0

  device(): AirDevice {
    const from: AdvertSender = { address: addressOf(this.#devices++), addressType: 'random' }
    const proximity = 'simulated'
    const channels = this.#channels
    return {
      scanner: { proximity, scan: listener => this.scan(listener) },
      advertiser: {
        proximity,
        advertise: (serviceData, listener) => this.advertise({ serviceData, from }, listener),
      },
      dataChannelDialer: {
        proximity,
        dial: (to, psm, observer) => channels.dial(to, psm, observer),
      },
      dataChannelListener: { proximity, listen: listening => channels.listen(from.address, listening) },
    }
  }

  scan(listener: BleScanListener): BleScan {
    // A key of its own, as one listener may scan twice.
    const scan = { ...boundTo(listener) }
    const stop = soon(() => {
      this.#scans.add(scan)
      scan.started()
      for (const advert of [...this.#adverts]) if (this.#scans.has(scan)) scan.advert(reportOf(advert))
    })
    return {
      stop: () => {
        stop()
        this.#scans.delete(scan)
        return Promise.resolve()
      },
    }
  }

  advertise({ serviceData, from }: Sent, listener: RadioListener): Advertisement {
    const advert = { serviceData: new Uint8Array(serviceData), from }
    const stop = soon(() => {
      this.#adverts.add(advert)
      listener.started()
      for (const scan of [...this.#scans])
        if (this.#adverts.has(advert) && this.#scans.has(scan)) scan.advert(reportOf(advert))
    })
    return {
      stop: () => {
        stop()
        this.#adverts.delete(advert)
        return Promise.resolve()
      },
    }
  }
}

function boundTo(listener: BleScanListener): BleScanListener {
  return {
    started: () => {
      listener.started()
    },
    advert: report => {
      listener.advert(report)
    },
    failed: error => {
      listener.failed(error)
    },
  }
}

function reportOf({ serviceData, from }: Sent): AdvertReport {
  return { uuid: 'fff9', serviceData: new Uint8Array(serviceData), from }
}

/** A random static address, as its two highest bits say. */
function addressOf(device: number): string {
  const digits = device.toString(16).toUpperCase().padStart(10, '0')
  return `C0:${digits.replace(/..(?=.)/g, '$&:')}`
}
