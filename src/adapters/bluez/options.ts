/** Which Bluetooth service and which of its adapters to use. */
export interface BluezOptions {
  /** Such as `hci0`; the first one that is switched on unless given. */
  readonly adapter?: string | undefined
  /** D-Bus address; `DBUS_SYSTEM_BUS_ADDRESS` or the system’s own unless given. */
  readonly busAddress?: string | undefined
  /** How long starting may take, ms; default 5000. */
  readonly startTimeoutMs?: number | undefined
}
