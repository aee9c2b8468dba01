/**
 * A directory of tunnel services on Redis or Valkey. Needs the package `ioredis`.
 * @module
 */
import type { ContactDirectory } from '../../ports/contact-directory.js'
import { engineTls } from '../directory/engine-tls.js'
import { EngineUrl } from '../directory/engine-url.js'
import { checkedInstanceName } from '../directory/instance-name.js'
import { freshMemberName } from '../directory/member-name.js'
import { joinEngine } from '../directory/member.js'
import { loadRedis } from './library.js'
import { RedisEngine } from './redis-engine.js'

/** Where Redis or Valkey is, and how to get in. */
export interface RedisDirectoryOptions {
  /** `redis://host:6379`, or `rediss://` with TLS; with `user:password@` or `:password@` where the engine wants it. */
  readonly url: string
  /** What the engine calls this instance in its list of clients: 1 to 64 letters, digits, dots and dashes. Default `fido-hybrid`. */
  readonly instance?: string | undefined
  /** More options for `Redis` of `ioredis`, such as `tls` with a CA of your own. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined
}

/**
 * A directory on one Redis or Valkey: members tell each other by messages, and revoked contacts are kept in the sorted set `fh:revoked`. All channels
 * begin with `fh:`. In a Redis Cluster a sender does not learn how many hear it, so it cannot be used there.
 *
 * Needs the package `ioredis`, loaded when it is joined.
 *
 * @throws UsageError `argument-invalid` for a URL that names no Redis, and for another name of the instance.
 * @example
 * const service = await serveTunnel({ port: 0, directory: redisDirectory({ url: 'redis://127.0.0.1:6379' }) })
 */
export function redisDirectory({ url, instance, connection }: RedisDirectoryOptions): ContactDirectory {
  const address = new EngineUrl(url, ['redis:', 'rediss:'])
  const name = checkedInstanceName(instance)
  return {
    join: async listener => {
      const library = await loadRedis()
      const tls = tlsTo(address, connection?.['tls'])
      const options = {
        ...connectionTo(address),
        connectionName: name,
        ...connection,
        ...(tls !== undefined && { tls }),
      }
      return joinEngine(
        (member, hearing) => RedisEngine.open({ library, address, options, member }, hearing),
        freshMemberName(),
        listener,
      )
    },
  }
}

function connectionTo(address: EngineUrl): Readonly<Record<string, unknown>> {
  const { hostname: host, port, user: username, password, path } = address
  return {
    host,
    ...(port !== undefined && { port }),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(/^\d+$/.test(path) && { db: Number(path) }),
  }
}

function tlsTo({ scheme }: EngineUrl, own: unknown): Readonly<Record<string, unknown>> | undefined {
  return scheme === 'rediss:' || own instanceof Object ? engineTls(own) : undefined
}
