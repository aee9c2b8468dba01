import { decodeHex } from '../../../src/bytes/hex.js'
import { cases, onlyCase } from '../../support/cases.js'

interface CodeCase {
  readonly secret: string
  readonly cbor: string
  readonly url: string
  readonly digitCount: number
}

interface AdvertCase {
  readonly secret: string
  readonly nonce: string
  readonly routingId: string
  readonly psm: number
  readonly eidKey: string
  readonly tunnelId: string
  readonly advertPlaintext: string
  readonly adStructure: string
  readonly psk: string
}

interface HandshakeCase {
  readonly message1: string
  readonly message2: string
  readonly handshakeHash: string
  readonly clientToPhoneKey: string
  readonly phoneToClientKey: string
}

/** The one transaction that the pictures of bytes follow: `fixtures/worked-example.json`. */
export interface WorkedExample {
  readonly code: CodeCase
  readonly advert: AdvertCase
  readonly handshake: HandshakeCase
}

export function workedExample(): WorkedExample {
  const [code] = cases<CodeCase>('worked-example', 'qr')
  if (code === undefined) throw new Error('the worked example has no QR code')
  return {
    code,
    advert: onlyCase<AdvertCase>('worked-example', 'adverts'),
    handshake: onlyCase<HandshakeCase>('worked-example', 'handshakes'),
  }
}

export function bytesIn(hex: string): number {
  return decodeHex(hex).length
}
