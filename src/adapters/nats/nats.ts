/**
 * A directory of tunnel services on NATS. Needs the packages `@nats-io/transport-node` and `@nats-io/kv`.
 * @module
 */
import { isIP } from 'node:net'
import { engineTls } from '../directory/engine-tls.js'
import { EngineUrl } from '../directory/engine-url.js'
import { checkedInstanceName } from '../directory/instance-name.js'
import { freshMemberName } from '../directory/member-name.js'
import { joinEngine } from '../directory/member.js'
import type { ContactDirectory } from '../../ports/contact-directory.js'
import { loadNats } from './library.js'
import { NatsEngine } from './nats-engine.js'

/** Where NATS is, and how to get in. */
export interface NatsDirectoryOptions {
  /** `nats://host:4222`, or `tls://` with TLS; with `user:password@` or `token@` where the engine wants it. */
  readonly url: string
  /** What the engine calls this instance in its lists of connections: 1 to 64 letters, digits, dots and dashes. Default `fido-hybrid`. */
  readonly instance?: string | undefined
  /** More options for `connect` of `@nats-io/transport-node`, such as `tls` with a CA of your own, or an `authenticator`. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined
}

/**
 * A directory on NATS: members tell each other by messages, and revoked contacts are kept in the JetStream bucket `fh-revoked`. All
 * subjects begin with `fh.`. Without JetStream it warns and goes on: what was revoked is then forgotten when all instances stop.
 *
 * Needs the packages `@nats-io/transport-node` and `@nats-io/kv`, loaded when it is joined.
 *
 * @throws UsageError `argument-invalid` for a URL that names no NATS, and for another name of the instance.
 * @example
 * const service = await serveTunnel({ port: 0, directory: natsDirectory({ url: 'nats://127.0.0.1:4222' }) })
 */
export function natsDirectory({ url, instance, connection }: NatsDirectoryOptions): ContactDirectory {
  const address = new EngineUrl(url, ['nats:', 'tls:'])
  const name = checkedInstanceName(instance)
  return {
    join: async listener => {
      const library = await loadNats()
      const tls = tlsTo(address, connection?.['tls'])
      const options = { ...connectionTo(address), name, ...connection, ...(tls !== undefined && { tls }) }
      return joinEngine(
        (_, hearing) => NatsEngine.open({ library, address, options }, hearing),
        freshMemberName(),
        listener,
      )
    },
  }
}

function connectionTo({ host, user, password }: EngineUrl): Readonly<Record<string, unknown>> {
  return {
    servers: host,
    ...(password !== '' ? { user, pass: password } : user !== '' && { token: user }),
  }
}

/** An IP address is no server name: unless `host` says it, the client wants a certificate for `localhost`. */
function tlsTo({ scheme, hostname }: EngineUrl, own: unknown): Readonly<Record<string, unknown>> | undefined {
  if (scheme !== 'tls:' && !(own instanceof Object)) return undefined
  return { ...(isIP(hostname) !== 0 && { host: hostname }), ...engineTls(own) }
}
