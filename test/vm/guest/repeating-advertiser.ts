import type { Advertisement, BleAdvertiser, RadioListener } from 'fido-hybrid'

const INTERVAL_MS = 1000

/**
 * Begins its adverts anew, as radios repeat theirs, until one has been heard. btvirt sends each once to a scan, and btleplug takes the
 * service data of a device from its changes, so it needs to hear an advert twice: without this only in bluetoothd’s next scan.
 */
export function repeatingAdvertiser(advertiser: BleAdvertiser, isHeard: () => boolean): BleAdvertiser {
  return {
    proximity: advertiser.proximity,
    advertise(serviceData, listener, options) {
      let isStopped = false
      const start = (started: () => void): Advertisement => {
        const failed: RadioListener['failed'] = error => listener.failed(error)
        return advertiser.advertise(serviceData, { started, failed }, options)
      }
      const repeatSoon = (): void => {
        setTimeout(() => {
          if (!isStopped && !isHeard()) void repeat()
        }, INTERVAL_MS)
      }
      const repeat = async (): Promise<void> => {
        await current.stop()
        // It may have been stopped meanwhile.
        if (!isStopped) current = start(repeatSoon)
      }
      let current = start(() => {
        listener.started()
        repeatSoon()
      })
      return {
        stop: () => {
          isStopped = true
          return current.stop()
        },
      }
    },
  }
}
