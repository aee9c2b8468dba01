import type { GetInfo } from '../ctap/get-info.js'
import type { AuthenticatorTransport } from './credential-json.js'

const TRANSPORTS: readonly AuthenticatorTransport[] = [
  'ble',
  'hybrid',
  'internal',
  'nfc',
  'smart-card',
  'usb',
]
/** What old phones call hybrid. */
const OLD_HYBRID = 'cable'

/** The authenticator’s known transports, hybrid always among them: unique and sorted (WebAuthn L3 section 5.2.1). */
export function transportsOf(info: GetInfo): AuthenticatorTransport[] {
  const named = new Set(info.transports?.map(name => (name === OLD_HYBRID ? 'hybrid' : name)))
  return TRANSPORTS.filter(transport => transport === 'hybrid' || named.has(transport))
}
