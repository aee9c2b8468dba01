import { HybridError, ProximityError, UnsupportedError } from '../../errors.js'
import type { Advertisement, AdvertiseOptions, RadioListener } from '../../ports/ble.js'
import type { RadioPlan } from '../native/radio-session.js'
import { RadioSession } from '../native/radio-session.js'
import { encodeAdvertisingData } from './advertising-data.js'
import type { BlenoModule } from './bleno-module.js'

/** One bleno, which sends one advert at a time. */
export class BlenoRadio {
  readonly #plan: RadioPlan<BlenoModule>
  #current: RadioListener | undefined
  #session: RadioSession<BlenoModule> | undefined
  #closed: Promise<void> = Promise.resolve()

  constructor(plan: RadioPlan<BlenoModule>) {
    this.#plan = plan
  }

  advertise(
    serviceData: Uint8Array,
    listener: RadioListener,
    { connectable = false }: AdvertiseOptions = {},
  ): Advertisement {
    try {
      if (connectable) throw new UnsupportedError('capability-missing', 'bleno takes no data channels')
      const advertisingData = encodeAdvertisingData(serviceData)
      if (this.#current !== undefined)
        throw new ProximityError('advertise-failed', 'bleno sends one advert at a time')
      return this.#begin(Buffer.from(advertisingData), listener)
    } catch (error) {
      if (!(error instanceof HybridError)) throw error
      return refusal(error, listener)
    }
  }

  #begin(advertisingData: Buffer, listener: RadioListener): Advertisement {
    // A key of its own, as one listener may advertise twice.
    const advert: RadioListener = {
      started: () => {
        listener.started()
      },
      failed: error => {
        listener.failed(error)
      },
      interrupted: error => listener.interrupted?.(error),
      resumed: () => listener.resumed?.(),
    }
    this.#current = advert
    void this.#join(advert, advertisingData)
    return {
      stop: () => {
        if (this.#current === advert) this.#close()
        return this.#closed
      },
    }
  }

  async #join(advert: RadioListener, advertisingData: Buffer): Promise<void> {
    let closed
    do await (closed = this.#closed)
    while (closed !== this.#closed)
    if (this.#current === advert) this.#session = this.#open(advert, advertisingData)
  }

  #close(): void {
    this.#current = undefined
    if (this.#session === undefined) return
    this.#closed = this.#session.close()
    this.#session = undefined
  }

  #open(advert: RadioListener, advertisingData: Buffer): RadioSession<BlenoModule> {
    let isOnAir = false
    let tell = (): void => advert.started()
    const session = new RadioSession(this.#plan, {
      loaded: bleno => listen(session, bleno),
      poweredOn: bleno => {
        startAdvertising(session, bleno, advertisingData, () => {
          if (session !== this.#session || isOnAir || !session.isOn) return
          isOnAir = true
          session.running()
          tell()
          tell = () => advert.resumed?.()
        })
      },
      interrupted: error => {
        isOnAir = false
        advert.interrupted?.(error)
      },
      failed: error => {
        this.#close()
        advert.failed(error)
      },
    })
    return session
  }
}

/** An advert that fails at once. */
function refusal(error: HybridError, listener: RadioListener): Advertisement {
  let wanted = true
  queueMicrotask(() => {
    if (wanted) listener.failed(error)
  })
  return {
    stop() {
      wanted = false
      return Promise.resolve()
    },
  }
}

function listen(session: RadioSession<BlenoModule>, bleno: BlenoModule): void {
  // @abandonware says so by an event instead of the callback.
  session.listen('advertisingStartError', cause => failTo(session, cause))
  // bleno’s adverts are connectable, and end while somebody is connected.
  session.listen('accept', () => {
    bleno.disconnect()
  })
}

function startAdvertising(
  session: RadioSession<BlenoModule>,
  bleno: BlenoModule,
  advertisingData: Buffer,
  started: () => void,
): void {
  try {
    bleno.startAdvertisingWithEIRData(advertisingData, Buffer.alloc(0), cause => {
      if (cause) failTo(session, cause)
      else started()
    })
  } catch (cause) {
    failTo(session, cause)
  }
}

function failTo(session: RadioSession<BlenoModule>, cause: unknown): void {
  session.fail(new ProximityError('advertise-failed', 'bleno does not advertise', { cause }))
}
