import { ModuleHost } from '../native/module-host.js'
import type { HostPlan } from '../native/module-host.js'
import type { Done, ModuleOrigin, RadioModule } from '../native/radio-module.js'

/** What we use of `@abandonware/noble` and `@stoprocent/noble`. Events: `stateChange`, `discover`, `scanStop`. */
export interface NobleModule extends RadioModule {
  /**
   * Begins to hear.
   * @param serviceUuids only adverts with one of these are reported; where it is empty, all are.
   * @param allowDuplicates whether an advert that comes again is reported again.
   */
  startScanning(serviceUuids: string[], allowDuplicates: boolean, done: Done): void
  /** Ends the scan. */
  stopScanning(done: () => void): void
}

const EVENTS = ['discover', 'scanStop', 'stateChange']

/** noble in a process of its own. */
export function hostedNoble(plan: Omit<HostPlan, 'events'>): ModuleOrigin<NobleModule> {
  return { open: listener => new ModuleHost({ ...plan, events: EVENTS }, listener, nobleFace) }
}

function nobleFace(host: ModuleHost<NobleModule>): NobleModule {
  return {
    get state() {
      return host.state
    },
    on: (event, listener) => host.on(event, listener),
    removeListener: (event, listener) => host.removeListener(event, listener),
    startScanning: (serviceUuids, allowDuplicates, done) => {
      host.call('startScanning', [serviceUuids, allowDuplicates], done)
    },
    stopScanning: done => {
      host.call('stopScanning', [], done)
    },
  }
}
