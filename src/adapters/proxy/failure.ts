import { TunnelError } from '../../errors.js'
import { codeOf, isTlsFailure } from '../sockets/failure.js'
import type { ConnectProxy } from './connect-proxy.js'

const STATUS_AUTHENTICATE = 407
const FIRST_SERVER_ERROR = 500

/** What to do about each HTTP status that a proxy refuses with: PROXY stands for its address, SERVICE for that of the tunnel service. */
export const PROXY_CURES: Readonly<Record<string, string>> = {
  '407': 'Give the proxy PROXY the right user name and password, as in http://user:password@host:port.',
  '407-other':
    'Give the dialer an `agent` that signs in as the proxy PROXY wants: it does not take a user name and a password.',
  '4xx':
    'Ask those who run the proxy PROXY to let SERVICE through, or name the service in NO_PROXY where the direct way is open.',
  '5xx': 'Wait and try again; if it stays, ask those who run the proxy PROXY why it does not reach SERVICE.',
  other: 'Check that PROXY is the address of a proxy that takes CONNECT.',
}

/** @param schemes what the proxy says of the ways to sign in (RFC 9110 section 11.7.1). */
export function refusedBy(
  { name }: ConnectProxy,
  authority: string,
  status: number,
  schemes: string | undefined,
): TunnelError {
  const cure = (PROXY_CURES[cureKey(status, schemes)] ?? '')
    .replace('PROXY', name)
    .replace('SERVICE', authority)
  const message = `the proxy ${name} answered HTTP status ${status}`
  return new TunnelError('proxy-refused', message, { status, cure })
}

function cureKey(status: number, schemes: string | undefined): string {
  if (status === STATUS_AUTHENTICATE)
    return schemes === undefined || /\bbasic\b/i.test(schemes) ? '407' : '407-other'
  if (status >= FIRST_SERVER_ERROR) return '5xx'
  return status >= 400 ? '4xx' : 'other'
}

/** No connection to the proxy, or no answer that is one. */
export function lost({ name }: ConnectProxy, cause: Error): TunnelError {
  const code = codeOf(cause)
  if (isTlsFailure(code))
    return new TunnelError('proxy-untrusted', `no trusted TLS connection to the proxy ${name} (${code})`, {
      cause,
      cure: `Pass the CA of the proxy ${name} (\`--tls-ca\`, NODE_EXTRA_CA_CERTS), or mend the machine’s clock and trust store.`,
    })
  const reason = code.startsWith('HPE_') ? `an answer that is not HTTP (${code})` : code || 'no connection'
  return unreachable(name, reason, { cause })
}

export function silent({ name }: ConnectProxy, limitMs: number): TunnelError {
  return unreachable(name, `no answer within ${limitMs} ms`)
}

function unreachable(name: string, reason: string, options: ErrorOptions = {}): TunnelError {
  return new TunnelError('proxy-unreachable', `the proxy ${name}: ${reason}`, {
    ...options,
    cure: `Check that the proxy ${name} is there and takes CONNECT, or name another.`,
  })
}
