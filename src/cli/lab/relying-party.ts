import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listenOn } from '../../adapters/sockets/listen.js'
import type { RelyingParty } from '../../testing/relying-party.js'
import { assertOwnPage, LOOPBACK, readBody } from '../http/own-page.js'
import { HttpFailure, STATUS } from '../http/http-failure.js'
import { findRoute } from './routes.js'
import type { Desk } from './routes.js'

/** A demo relying party that listens. */
export interface RelyingPartyServer {
  /** `http://localhost:PORT`, which is also its origin. */
  readonly url: string
  /** Cuts every connection and settles when no socket is left. */
  close(): Promise<void>
}

/** What the server is made of. */
export interface RelyingPartyServerOptions extends Pick<Desk, 'onVerified'> {
  /** 0 picks a free one. */
  readonly port: number
  create(origin: string): Promise<RelyingParty>
}

/** A string is plain text, all else JSON. */
interface HttpAnswer {
  readonly status: number
  readonly body: unknown
}

const REQUEST_TIMEOUT_MS = 10_000

/**
 * Serves a relying party over HTTP on loopback.
 * @throws UnsupportedError `listen-failed`; what `create` throws.
 */
export async function serveRelyingParty(options: RelyingPartyServerOptions): Promise<RelyingPartyServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS })
  const port = await listenOn(server, LOOPBACK, options.port)
  const url = `http://localhost:${port}`
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  try {
    const desk = { relyingParty: await options.create(url), onVerified: options.onVerified }
    server.on('request', (request, response) => {
      void serve(desk, request).then(answer => {
        reply(response, answer)
      })
    })
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function serve(desk: Desk, request: IncomingMessage): Promise<HttpAnswer> {
  try {
    assertOwnPage(request, desk.relyingParty.origin)
    const route = findRoute(request.method, request.url)
    return { status: STATUS.ok, body: await route.run(desk, await readBody(request)) }
  } catch (error) {
    const status = error instanceof HttpFailure ? error.status : STATUS.bad
    const message = error instanceof Error ? error.message : String(error)
    return { status, body: { error: message } }
  }
}

function reply(response: ServerResponse, { status, body }: HttpAnswer): void {
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json'
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', Connection: 'close' })
  response.end(isText ? body : `${JSON.stringify(body)}\n`)
}
