import { encodeHex } from '../../src/bytes/hex.js'
import type { RadioListener, BleScanListener } from '../../src/ports/ble.js'
import { takeNotes } from './probe.js'

/** A listener of a scan or an advert that writes down what it hears, adverts as `uuid HEX`. */
export interface AirProbe extends BleScanListener, RadioListener {
  readonly seen: readonly string[]
  /** The next word that has not been taken yet: `started`, `failed CODE`, `interrupted CODE`, `resumed`, or an advert. */
  next(): Promise<string>
}

export function airProbe(): AirProbe {
  const { seen, note, next } = takeNotes<string>()
  return {
    seen,
    next,
    started: () => {
      note('started')
    },
    advert: ({ uuid, serviceData }) => {
      note(`${uuid} ${encodeHex(serviceData)}`)
    },
    failed: error => {
      note(`failed ${error.code}`)
    },
    interrupted: error => {
      note(`interrupted ${error.code}`)
    },
    resumed: () => {
      note('resumed')
    },
  }
}
