import { vi } from 'vitest'
import { MockBluez } from './mock-bluez.js'
import { startPrivateBus } from './private-bus.js'

/** What undoes a start, last first. */
export type Cleanups = (() => Promise<void>)[]

/** A private bus as the system bus of this process. @returns its address. */
export async function startSystemBus(cleanups: Cleanups, policy?: string): Promise<string> {
  const bus = await startPrivateBus(policy)
  cleanups.push(() => bus.stop())
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address)
  return bus.address
}

/** The mock of BlueZ on such a bus. */
export async function startSystemBluez(cleanups: Cleanups, policy?: string): Promise<MockBluez> {
  const bluez = await MockBluez.start(await startSystemBus(cleanups, policy))
  cleanups.push(() => bluez.stop())
  return bluez
}
