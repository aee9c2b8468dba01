import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listenOn } from '../../adapters/sockets/listen.js'
import { HttpFailure, STATUS } from '../http/http-failure.js'
import { assertOwnPage, LOOPBACK, readBody } from '../http/own-page.js'
import { readOutcome } from './page-outcome.js'
import type { PageOutcome, TrialRequest } from './page-outcome.js'
import { PAGE_TEXT } from './page-text.js'

const NO_CONTENT = 204

/** What the page is to do next. */
interface Asked {
  readonly number: number
  readonly request: TrialRequest
  readonly tell: (outcome: PageOutcome) => void
}

/** The page of a trial, on loopback: browsers let `http://localhost` use passkeys. */
export class TrialPage {
  /** `http://localhost:PORT`, which is also its origin. */
  readonly url: string
  readonly #server: ReturnType<typeof createServer>
  #asked: Asked | undefined
  #number = 0

  private constructor(server: ReturnType<typeof createServer>, port: number) {
    this.url = `http://localhost:${port}`
    this.#server = server
    server.on('request', (request, response) => {
      void this.#serve(request).then(answer => reply(response, answer))
    })
  }

  /** @param port 0 picks a free one. @throws UnsupportedError `listen-failed`. */
  static async serve(port: number): Promise<TrialPage> {
    const server = createServer()
    return new TrialPage(server, await listenOn(server, LOOPBACK, port))
  }

  /** The outcome of the request, once the person has pressed the button. Never settles after `signal` has fired. */
  ask(request: TrialRequest, signal: AbortSignal): Promise<PageOutcome> {
    return new Promise(resolve => {
      this.#asked = { number: ++this.#number, request, tell: resolve }
      signal.addEventListener('abort', () => (this.#asked = undefined), { once: true })
    })
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage): Promise<Answer> {
    try {
      assertOwnPage(request, this.url)
      return this.#answer(`${request.method ?? ''} ${request.url ?? ''}`, await readBody(request))
    } catch (error) {
      return {
        status: error instanceof HttpFailure ? error.status : STATUS.bad,
        text: '',
        type: 'text/plain',
      }
    }
  }

  #answer(route: string, body: Buffer): Answer {
    if (route === 'GET /') return { status: STATUS.ok, text: PAGE_TEXT, type: 'text/html' }
    if (route === 'GET /request') return this.#told()
    if (route !== 'POST /outcome') throw new HttpFailure(STATUS.notFound, 'no such page')
    const asked = this.#asked
    const outcome = asked && readOutcome(body.toString('utf8'), asked.number)
    if (outcome !== undefined) {
      this.#asked = undefined
      asked?.tell(outcome)
    }
    return { status: NO_CONTENT, text: '', type: 'text/plain' }
  }

  #told(): Answer {
    if (this.#asked === undefined) return { status: NO_CONTENT, text: '', type: 'text/plain' }
    const { number, request } = this.#asked
    return { status: STATUS.ok, text: JSON.stringify({ number, ...request }), type: 'application/json' }
  }
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly type: string
}

function reply(response: ServerResponse, { status, text, type }: Answer): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' })
  response.end(text)
}
