import { ModuleHost } from '../native/module-host.js'
import type { HostPlan } from '../native/module-host.js'
import type { Done, ModuleOrigin, RadioModule } from '../native/radio-module.js'

/**
 * What we use of `@abandonware/bleno` and `@stoprocent/bleno`. Events: `stateChange`, `advertisingStartError`,
 * `accept`.
 */
export interface BlenoModule extends RadioModule {
  /** Puts an advert on the air, at most 31 bytes, and a scan response, which is empty here. */
  startAdvertisingWithEIRData(advertisementData: Buffer, scanData: Buffer, done: Done): void
  /** Takes the advert off the air. */
  stopAdvertising(done: () => void): void
  /** Drops the connected central, if any. */
  disconnect(): void
}

const EVENTS = ['advertisingStartError', 'accept', 'stateChange']

/** bleno in a process of its own. */
export function hostedBleno(plan: Omit<HostPlan, 'events'>): ModuleOrigin<BlenoModule> {
  return { open: listener => new ModuleHost({ ...plan, events: EVENTS }, listener, blenoFace) }
}

function blenoFace(host: ModuleHost<BlenoModule>): BlenoModule {
  return {
    get state() {
      return host.state
    },
    on: (event, listener) => host.on(event, listener),
    removeListener: (event, listener) => host.removeListener(event, listener),
    startAdvertisingWithEIRData: (advertisementData, scanData, done) => {
      host.call('startAdvertisingWithEIRData', [advertisementData, scanData], done)
    },
    stopAdvertising: done => {
      host.call('stopAdvertising', [], done)
    },
    disconnect: () => {
      host.call('disconnect', [])
    },
  }
}
