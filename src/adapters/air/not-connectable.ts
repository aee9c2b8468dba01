import { UnsupportedError } from '../../errors.js'
import type { Advertisement, RadioListener } from '../../ports/ble.js'

/** An advert that fails at once: a device that connects would find nothing. */
export function notConnectable(listener: RadioListener): Advertisement {
  let isWanted = true
  queueMicrotask(() => {
    const message = 'this simulated radio takes no data channels: use the device of an air or of an air hub'
    if (isWanted) listener.failed(new UnsupportedError('capability-missing', message))
  })
  return {
    stop: () => {
      isWanted = false
      return Promise.resolve()
    },
  }
}
