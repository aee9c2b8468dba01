import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import { TUNNEL_ID_BYTES } from '../../bytes/brands.js'
import { encodeHex } from '../../bytes/hex.js'
import { ROUTING_ID_HEADER, TUNNEL_SUBPROTOCOL } from '../../tunnel/headers.js'
import type { Scene } from '../scene.js'

/** Something that a service has to do and did not: the case fails with these words. */
export class Unmet extends Error {}

/** What a service answers to an upgrade. */
export interface UpgradeAnswer {
  /** 0 for a connection that was cut without an answer. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** There after status 101. */
  readonly leg: DrivenLeg | undefined
}

const SWITCHING = 101

export const freshTunnelId = (): string => encodeHex(new Uint8Array(randomBytes(TUNNEL_ID_BYTES)))

/** One side of a tunnel at the service under test. */
export class DrivenLeg {
  readonly #scene: Scene
  readonly #socket: WebSocket
  readonly #messages: Buffer[] = []
  readonly #closed: Promise<number>
  #wake: () => void = () => undefined
  #closeCode: number | undefined
  /** What the service selected. */
  readonly subprotocol: string

  constructor(scene: Scene, socket: WebSocket) {
    this.#scene = scene
    this.#socket = socket
    this.subprotocol = socket.protocol
    socket.on('message', (data: Buffer) => {
      scene.timeline.note('peer', `gets ${data.length} bytes`)
      this.#messages.push(data)
      this.#wake()
    })
    this.#closed = new Promise(resolve => {
      socket.on('close', code => {
        scene.timeline.note('peer', `its tunnel was closed with code ${code}`)
        this.#closeCode = code
        resolve(code)
        this.#wake()
      })
    })
  }

  send(message: Uint8Array | string, options: { readonly fin?: boolean } = {}): void {
    this.#scene.timeline.note('peer', `sends ${message.length} bytes`)
    this.#socket.send(message, { binary: typeof message !== 'string', ...options })
  }

  /** The next message. @throws Unmet when the tunnel is closed, or none comes in time. */
  async next(): Promise<Buffer> {
    if (this.#messages.length === 0 && this.#closeCode === undefined) {
      const woken = new Promise<void>(resolve => {
        this.#wake = resolve
      })
      await this.#scene.wait(this.#scene.setting.timeoutMs, woken)
    }
    const message = this.#messages.shift()
    if (message !== undefined) return message
    throw new Unmet(
      this.#closeCode === undefined
        ? 'a message did not arrive'
        : `closed with code ${this.#closeCode} instead of delivering a message`,
    )
  }

  /** Messages that were not asked for. */
  get unread(): number {
    return this.#messages.length
  }

  /** The close code. @throws Unmet when the service does not close in time. */
  async closed(): Promise<number> {
    await this.#scene.wait(this.#scene.setting.timeoutMs, this.#closed)
    if (this.#closeCode === undefined) throw new Unmet('the tunnel is still open')
    return this.#closeCode
  }

  /** @throws Unmet when no pong comes in time. */
  async ping(): Promise<void> {
    const pongs: unknown[] = []
    const answered = new Promise<void>(resolve => {
      this.#socket.once('pong', pong => {
        pongs.push(pong)
        resolve()
      })
    })
    this.#socket.ping()
    await this.#scene.wait(this.#scene.setting.timeoutMs, answered)
    if (pongs.length === 0) throw new Unmet('a ping without a pong')
  }

  close(): void {
    this.#socket.close()
  }

  terminate(): void {
    this.#socket.terminate()
  }
}

/** The service under test, as its users reach it. */
export class TestedService {
  readonly url: string
  readonly scene: Scene

  constructor(url: string, scene: Scene) {
    this.url = url
    this.scene = scene
  }

  /** Sends an upgrade. */
  async ask(
    path: string,
    subprotocols: readonly string[] = [TUNNEL_SUBPROTOCOL],
    options: ClientOptions = {},
  ): Promise<UpgradeAnswer> {
    const { scene } = this
    scene.timeline.note('peer', `GET ${path}`)
    const socket = new WebSocket(`${this.url}${path}`, [...subprotocols], {
      perMessageDeflate: false,
      ...options,
    })
    scene.defer(() => {
      socket.terminate()
    })
    const answer = answerTo(socket, scene)
    let answered: UpgradeAnswer | undefined
    await scene.wait(
      scene.setting.timeoutMs,
      answer.then(each => (answered = each)),
    )
    if (answered === undefined) throw new Unmet(`no answer to GET ${path}`)
    scene.timeline.note('peer', `answered with status ${answered.status}`)
    return answered
  }

  /** A leg that has to be accepted. @throws Unmet */
  async accepted(path: string): Promise<{ readonly leg: DrivenLeg; readonly headers: IncomingHttpHeaders }> {
    const { leg, headers, status } = await this.ask(path)
    if (leg === undefined) throw new Unmet(`status ${status} for GET ${path}`)
    return { leg, headers }
  }

  /** A phone that opens a tunnel, and where its client joins. @throws Unmet */
  async phone(
    tunnelId: string = freshTunnelId(),
  ): Promise<{ readonly leg: DrivenLeg; readonly joinPath: string }> {
    const { leg, headers } = await this.accepted(`/cable/new/${tunnelId}`)
    const routingId = headers[ROUTING_ID_HEADER.toLowerCase()]
    if (typeof routingId !== 'string' || !/^[0-9a-f]{6}$/i.test(routingId))
      throw new Unmet(
        `the routing ID is ${routingId === undefined ? 'missing' : JSON.stringify(routingId)}, not 6 hex digits once`,
      )
    return { leg, joinPath: `/cable/connect/${routingId}/${tunnelId}` }
  }

  /** Both sides of a fresh tunnel. @throws Unmet */
  async pair(): Promise<{
    readonly phone: DrivenLeg
    readonly client: DrivenLeg
    readonly joinPath: string
  }> {
    const { leg: phone, joinPath } = await this.phone()
    const { leg: client } = await this.accepted(joinPath)
    return { phone, client, joinPath }
  }
}

/** Settles with the first thing that comes of an upgrade. */
function answerTo(socket: WebSocket, scene: Scene): Promise<UpgradeAnswer> {
  let headers: IncomingHttpHeaders = {}
  socket.on('upgrade', response => {
    headers = response.headers
  })
  return new Promise(resolve => {
    socket.on('open', () => {
      resolve({ status: SWITCHING, headers, leg: new DrivenLeg(scene, socket) })
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      socket.terminate()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, leg: undefined })
    })
    // After an answer it changes nothing.
    socket.on('error', () => {
      resolve({ status: 0, headers, leg: undefined })
    })
  })
}
