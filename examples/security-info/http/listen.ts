import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'

/** A server on loopback. */
export interface Listening {
  /** `http://localhost:PORT`, the origin of its pages. */
  readonly origin: string
  /** From now on answers requests. */
  answerWith(listener: RequestListener): void
  /** Cuts every connection and settles when no socket is left; safe to call twice. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const REQUEST_TIMEOUT_MS = 10_000

/** Listens on a port of loopback; 0 picks a free one. */
export async function listenOnLoopback(port: number): Promise<Listening> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS })
  await once(server.listen(port, HOST), 'listening')
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  const closeAll = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  let closing: Promise<void> | undefined
  return {
    origin: `http://localhost:${actual}`,
    answerWith: listener => void server.on('request', listener),
    close: () => (closing ??= closeAll()),
  }
}
