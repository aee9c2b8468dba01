/** Length of a sealed advert without suffix, in bytes. */
export const ADVERT_BYTES = 20

/** The two parts of the service data of one BLE advert. */
export interface ServiceData {
  /** 20 bytes, encrypted and authenticated. */
  readonly advert: Uint8Array
  /** Not authenticated. Only phones of CTAP 2.3 send one; else empty. */
  readonly suffix: Uint8Array
}

/**
 * Cuts service data into copies of its parts (protocol.md 5.1 and 5.4); undefined when it has less than 20 bytes.
 *
 * @example
 * const parts = splitServiceData(serviceData)
 * console.log(parts?.advert.length) // 20
 */
export function splitServiceData(serviceData: Uint8Array): ServiceData | undefined {
  if (serviceData.length < ADVERT_BYTES) return undefined
  const copy = new Uint8Array(serviceData)
  return { advert: copy.slice(0, ADVERT_BYTES), suffix: copy.slice(ADVERT_BYTES) }
}
