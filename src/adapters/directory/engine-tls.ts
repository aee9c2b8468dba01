import { checkServerIdentity } from '../sockets/server-identity.js'

/** Options of TLS for an engine’s client. @param own those that the caller gives, which come first. */
export function engineTls(own: unknown): Readonly<Record<string, unknown>> {
  return { checkServerIdentity, ...(own instanceof Object && Object.fromEntries(Object.entries(own))) }
}
