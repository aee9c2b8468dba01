import { TunnelError } from '../../errors.js'
import { codeOf, isTlsFailure } from '../sockets/failure.js'
import type { EngineUrl } from './engine-url.js'

const MAX_REASON_LENGTH = 100
/** How engines refuse a user, and what it may not do. */
const REFUSED = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|auth|user auth|permissions)/i
/** Names a contact, by its tag. */
const LINE_TOPIC = /line\.[\w-]+/g

/** The error of an engine that cannot be reached. The cause is told in its own words and left out itself: it may name the URL. */
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

/** The error of an engine that answers, and does not do what it is asked. */
export function engineRefused(url: EngineUrl, cause: unknown): TunnelError {
  return new TunnelError(
    'tunnel-refused',
    `the directory ${url.toString()}: ${reasonOf(url, cause).message}`,
    {
      cure: `Give the user name and password, or the token, that the engine at ${url.toString()} takes, and its user the rights on what begins with fh.`,
    },
  )
}

/** The warning of an engine that takes no more revoked contacts. */
export function listFull(url: { toString(): string }): TunnelError {
  const message = `the directory ${url.toString()} keeps no more revoked contacts than it has: new ones are forgotten when all instances have stopped`
  return new TunnelError('tunnel-limit', message, {
    cure: 'Find out who revokes so many; the list fh-revoked or fh:revoked may be emptied, as phones tell of theirs again when they register.',
  })
}

/** The warning of an engine that carries what no member of this version sends. */
export function misheard(): TunnelError {
  return new TunnelError('tunnel-message-invalid', 'the directory carried what no member of it sends', {
    cure: 'Let nobody but instances of the service speak to the engine of the directory, all of versions that go together.',
  })
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
