/** What is on the air: service data from an address. */
export interface Emission {
  readonly address: string
  readonly connectable?: boolean
  /** The list of UUIDs, which an advert may lack. */
  readonly uuids: readonly string[]
  readonly serviceData: Readonly<Record<string, Buffer>>
}

/** How BlueZ writes UUIDs to its clients. */
export function longUuid(uuid: string): string {
  return uuid.length === 4 ? `0000${uuid.toLowerCase()}-0000-1000-8000-00805f9b34fb` : uuid.toLowerCase()
}

/** The bytes that an advert takes: no flags, a list of 16-bit UUIDs, and service data. */
export function advertLength({ uuids, serviceData }: Emission): number {
  const list = uuids.length === 0 ? 0 : 2 + 2 * uuids.length
  return Object.values(serviceData).reduce((sum, { length }) => sum + 4 + length, list)
}
