import { once } from 'node:events'
import type { Server } from 'node:net'
import { UnsupportedError, UsageError } from '../../errors.js'

/** What the system says, in words. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'another program listens there'],
  [
    'EACCES',
    'the system does not allow it; on Linux a port below 1024 wants the capability CAP_NET_BIND_SERVICE',
  ],
  ['EADDRNOTAVAIL', 'this machine does not have that address'],
  ['ENOTFOUND', 'that host name has no address'],
])

/**
 * Lets a server listen. @returns the port, which the system chooses for 0.
 * @throws UnsupportedError `listen-failed`; UsageError `argument-invalid` for a port outside 0 to 65535.
 */
export async function listenOn(server: Server, host: string, port: number): Promise<number> {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (cause) {
    throw listenFailed(host, port, cause)
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/**
 * The error for an address that a server cannot listen on.
 * @param cause what the server failed with: a system error with its `code`, or a RangeError for a number outside 0 to 65535.
 */
function listenFailed(host: string, port: number, cause: unknown): UnsupportedError | UsageError {
  if (cause instanceof RangeError)
    return new UsageError('argument-invalid', `port must be 0 to 65535, not ${port}`, { cause })
  const reason = cause instanceof Error && 'code' in cause ? REASONS.get(cause.code) : undefined
  const message = `cannot listen on ${host}:${port}${reason === undefined ? '' : `: ${reason}`}`
  return new UnsupportedError('listen-failed', message, { cause })
}
