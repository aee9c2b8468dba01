import type { Clock } from '../../ports/clock.js'

/** Which Bluetooth service and which of its adapters to use, and how long to wait for them. */
export interface BluezOptions {
  /** Such as `hci0`; the first one that is switched on unless given. */
  readonly adapter?: string | undefined
  /** D-Bus address; `DBUS_SYSTEM_BUS_ADDRESS` or the system’s own unless given. */
  readonly busAddress?: string | undefined
  /**
   * How long starting may take, ms; default 5000. A busy adapter (`InProgress`, `NotReady`) is asked again within that time, the last
   * time at its end. An adapter that is off or absent is waited for 1500 ms of it.
   */
  readonly startTimeoutMs?: number | undefined
  /**
   * How long adapter, service or bus may be away while the radio is in use, ms; default 5000. With 0 the first interruption ends
   * the use.
   */
  readonly maxInterruptionMs?: number | undefined
  /** For tests. */
  readonly clock?: Clock | undefined
}
