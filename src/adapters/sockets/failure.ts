import { TunnelError } from '../../errors.js'
import { REFUSAL_CURES } from '../../status-cures.js'

const STATUS_GONE = 410
const FIRST_SERVER_ERROR = 500

/** Reasons of OpenSSL’s certificate check, as Node names them, and Node’s own for TLS. */
const TLS_CODE =
  /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO$)|CERT|_CRL|ISSUER|LEAF_SIGNATURE|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$/

export function unreachable(url: URL, reason: string, options?: ErrorOptions): TunnelError {
  return new TunnelError('tunnel-unreachable', `${url.host}: ${reason}`, options)
}

/** The service answered with something other than 101. */
export function refused(url: URL, status: number): TunnelError {
  const message = `${url.host} answered HTTP status ${status}`
  if (status === STATUS_GONE) return new TunnelError('tunnel-gone', message, { status })
  return new TunnelError('tunnel-refused', message, { status, cure: refusalCure(status) })
}

function refusalCure(status: number): string | undefined {
  return REFUSAL_CURES[status] ?? REFUSAL_CURES[status >= FIRST_SERVER_ERROR ? '5xx' : 'other']
}

/** @param upgraded whether the service did answer 101, though not as it should. */
export function notOpened(url: URL, cause: Error, upgraded: boolean): TunnelError {
  if (upgraded)
    return new TunnelError('tunnel-subprotocol', `${url.host}: ${cause.message.toLowerCase()}`, { cause })
  const code = codeOf(cause)
  if (!isTlsFailure(code)) return unreachable(url, code || 'no connection', { cause })
  return new TunnelError('tunnel-untrusted', `${url.host}: no trusted TLS connection (${code})`, { cause })
}

/** Whether a code says that TLS was not set up, or that the certificate is not trusted. */
export function isTlsFailure(code: string): boolean {
  return TLS_CODE.test(code)
}

/** The library found a message that breaks the rules of WebSocket or our limit. */
export function brokenOff(cause: Error): TunnelError {
  const reason =
    codeOf(cause) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'a message that is too long' : 'a broken message'
  return new TunnelError('tunnel-message-invalid', `the tunnel carried ${reason}`, { cause })
}

/** The code of a system error or one of Node’s; empty where it has none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
