import { encodeBase64url } from '../../src/bytes/base64url.js'
import { decodeHex } from '../../src/bytes/hex.js'
import type { RecordedExchange } from '../ctap/recorded.js'

/** The client data of a recorded ceremony. */
export interface RecordedClientData {
  readonly challenge: string
  readonly origin: string
}

export function pageBytes(exchange: RecordedExchange, member: string): Uint8Array {
  return decodeHex(exchange.page[member] ?? '')
}

/** A member of the page’s credential as JSON carries it. */
export function pageText(exchange: RecordedExchange, member: string): string {
  return encodeBase64url(pageBytes(exchange, member))
}

export function clientDataOf(exchange: RecordedExchange): RecordedClientData {
  return JSON.parse(new TextDecoder().decode(pageBytes(exchange, 'clientDataJSON'))) as RecordedClientData
}
