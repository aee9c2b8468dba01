import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listenOn } from '../../adapters/sockets/listen.js'
import type { RelyingParty } from '../../testing/relying-party.js'
import { HttpFailure, STATUS } from './http-failure.js'
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

const HOST = '127.0.0.1'
const MAX_BODY_BYTES = 64 * 1024
const REQUEST_TIMEOUT_MS = 10_000

/**
 * Serves a relying party over HTTP on loopback.
 * @throws UnsupportedError `listen-failed`; what `create` throws.
 */
export async function serveRelyingParty(options: RelyingPartyServerOptions): Promise<RelyingPartyServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS })
  const port = await listenOn(server, HOST, options.port)
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

/** Any page in a browser can reach loopback, under its own name too. */
function assertOwnPage({ headers }: IncomingMessage, origin: string): void {
  const { host } = new URL(origin)
  const isOwnHost = headers.host === host || headers.host === host.replace('localhost', HOST)
  const isOwnOrigin = headers.origin === undefined || headers.origin === origin
  if (!isOwnHost || !isOwnOrigin)
    throw new HttpFailure(STATUS.forbidden, `requests have to come from ${origin}`)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
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

function reply(response: ServerResponse, { status, body }: HttpAnswer): void {
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json'
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', Connection: 'close' })
  response.end(isText ? body : `${JSON.stringify(body)}\n`)
}
