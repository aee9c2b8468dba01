import type {
  Advertisement,
  RadioListener,
  AdvertReport,
  BleAdvertiser,
  BleScanner,
  BleScan,
  BleScanListener,
} from '../../ports/ble.js'

/** A radio that exists in this process only. */
export interface Air {
  scanner(): BleScanner
  advertiser(): BleAdvertiser
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
  return {
    scanner: () => ({ proximity: 'simulated', scan: listener => air.scan(listener) }),
    advertiser: () => ({
      proximity: 'simulated',
      advertise: (serviceData, listener) => air.advertise(serviceData, listener),
    }),
  }
}

class MemoryAir {
  readonly #scans = new Set<BleScanListener>()
  readonly #adverts = new Set<Uint8Array>()

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

  advertise(serviceData: Uint8Array, listener: RadioListener): Advertisement {
    const advert = new Uint8Array(serviceData)
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

/** Runs after the caller has got its handle; the result calls it off. */
function soon(task: () => void): () => void {
  let wanted = true
  queueMicrotask(() => {
    if (wanted) task()
  })
  return () => {
    wanted = false
  }
}

function reportOf(advert: Uint8Array): AdvertReport {
  return { uuid: 'fff9', serviceData: new Uint8Array(advert) }
}
