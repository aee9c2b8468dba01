import type { IncomingMessage } from 'node:http'
import { HttpFailure, STATUS } from './http-failure.js'

/** Where pages of this machine are served. */
export const LOOPBACK = '127.0.0.1'
const MAX_BODY_BYTES = 64 * 1024

/** Refuses requests of other pages: any page in a browser can reach loopback, under its own name too. @throws HttpFailure. */
export function assertOwnPage({ headers }: IncomingMessage, origin: string): void {
  const { host } = new URL(origin)
  const isOwnHost = headers.host === host || headers.host === host.replace('localhost', LOOPBACK)
  const isOwnOrigin = headers.origin === undefined || headers.origin === origin
  if (!isOwnHost || !isOwnOrigin)
    throw new HttpFailure(STATUS.forbidden, `requests have to come from ${origin}`)
}

/** The body of a request. @throws HttpFailure for one that is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    // The rest is read and dropped: a client that is still sending does not read the answer.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  if (length > MAX_BODY_BYTES)
    throw new HttpFailure(STATUS.tooLarge, `the body has more than ${MAX_BODY_BYTES} bytes`)
  return Buffer.concat(chunks)
}
