import type { RawData } from 'ws'
import type { TunnelHeaders } from '../../ports/tunnel-dialer.js'

/**
 * From the raw list, because Node’s own object joins repeated headers or drops all but the first; the routing ID must come
 * once.
 */
export function headersOf(raw: readonly string[]): TunnelHeaders {
  const headers = new Map<string, readonly string[]>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), raw[index + 1] ?? ''])
  }
  return headers
}

/** A copy as a plain Uint8Array: the socket reuses its buffers, and `slice` of a Buffer would share their memory. */
export function freshBytes(data: RawData): Uint8Array {
  return new Uint8Array(Array.isArray(data) ? Buffer.concat(data) : data)
}
