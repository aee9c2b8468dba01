import { TunnelError } from '../../errors.js'
import { codeOf, isTlsFailure } from '../sockets/failure.js'
import type { EngineUrl } from './engine-url.js'

const MAX_REASON_LENGTH = 100
/** How engines refuse a user, and what it may not do. */
const REFUSED = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|auth|user auth|permissions)/i
/** Names a contact, by its tag. */
const LINE_TOPIC = /line\.[\w-]+/g

/**
 * The error of an engine that cannot be reached. The message has the words of the cause. The cause itself is left out,
 * because it may name the URL.
 */
export function engineUnreachable(url: EngineUrl, cause: unknown): TunnelError {
  const { message, code } = reasonOf(url, cause)
  if (isTlsFailure(code))
    return new TunnelError(
      'tunnel-untrusted',
      `the directory ${url.toString()}: no trusted TLS connection (${code})`,
      {
        cure: `Give this process the CA of the engine (NODE_EXTRA_CA_CERTS), and the engine a certificate for ${url.hostname}.`,
      },
    )
  if (REFUSED.test(message)) return engineRefused(url, cause)
  return new TunnelError('tunnel-unreachable', `the directory ${url.toString()}: ${message}`, {
    cure: `Check that the engine at ${url.toString()} runs, and speaks TLS if the URL says so (tls://, rediss://).`,
  })
}

/** The error of an engine that answers, but refuses what it is asked to do. */
export function engineRefused(url: EngineUrl, cause: unknown): TunnelError {
  return new TunnelError(
    'tunnel-refused',
    `the directory ${url.toString()}: ${reasonOf(url, cause).message}`,
    {
      cure: `Give the user name and password, or the token, that the engine at ${url.toString()} takes, and its user the rights on all names that begin with fh.`,
    },
  )
}

/** The warning of an engine that takes no more revoked contacts. */
export function listFull(url: { toString(): string }): TunnelError {
  const message = `the directory ${url.toString()} has no room for more revoked contacts: new ones are forgotten when all instances have stopped`
  return new TunnelError('tunnel-limit', message, {
    cure: 'Find out which phones revoke so many. The list fh-revoked or fh:revoked may be emptied: phones send their revoked contacts again when they register.',
  })
}

/** The warning about an engine that carried a message that no member of this version sends. */
export function misheard(): TunnelError {
  return new TunnelError(
    'tunnel-message-invalid',
    'the directory carried a message that none of its members sends',
    {
      cure: 'Let only instances of the service use the engine of the directory, all of compatible versions.',
    },
  )
}

function reasonOf(url: EngineUrl, cause: unknown): { readonly message: string; readonly code: string } {
  if (!(cause instanceof Error)) return { message: 'no connection', code: '' }
  const code = codeOf(cause)
  const [line = ''] = (/^E[A-Z]+$/.test(code) ? code : cause.message).split('\n')
  const secrets = [url.password, url.user].filter(secret => secret !== '')
  const safe = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), line)
  const message = safe.replaceAll(LINE_TOPIC, 'line.*').slice(0, MAX_REASON_LENGTH) || 'no connection'
  return { message, code }
}
