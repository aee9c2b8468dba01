import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { lineKey } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import type { LinkedCall, OpenContactLine } from '../../src/ports/contact-line.js'
import { connectTunnelUrl } from '../../src/tunnel/url.js'

/** A service, or a proxy in front of several. */
interface Address {
  readonly url: string
  readonly ca?: string
}

interface PhoneOptions {
  readonly key?: LineKey
  readonly revoked?: readonly LineKey[]
  /** Where it joins tunnels, if not where its line is. */
  readonly tunnelsAt?: Address
}

const REDIAL_MS = 1000

/** A phone that keeps a line as linked phones do, joins every tunnel that it is called to, and sends back what it gets. */
export class LinkedPhone {
  readonly key: LineKey
  /** Close codes of the lines that it has lost. */
  readonly lost: number[] = []
  readonly #address: Address
  readonly #tunnelsAt: Address
  readonly #revoked: readonly LineKey[]
  readonly #joined = new Set<string>()
  #line: OpenContactLine | undefined
  #isStopped = false

  private constructor(address: Address, { key, revoked, tunnelsAt }: PhoneOptions) {
    this.#address = address
    this.#tunnelsAt = tunnelsAt ?? address
    this.key = key ?? freshKey()
    this.#revoked = revoked ?? []
  }

  /** A phone that is reachable. */
  static async at(address: Address, options: PhoneOptions = {}): Promise<LinkedPhone> {
    const phone = new LinkedPhone(address, options)
    await new Promise<void>(resolve => {
      phone.#open(resolve)
    })
    return phone
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#line?.stop()
  }

  #open(reachable: () => void): void {
    if (this.#isStopped) return
    const { url, ca } = this.#address
    const line = contactLineOver({ dialer: wsDialer({ ca }), clock: systemClock })
    this.#line = line.open(
      { url, key: this.key, revoked: this.#revoked },
      {
        reachable,
        call: call => {
          this.#join(call)
          return 'ringing'
        },
        failed: error => {
          const code = 'closeCode' in error ? Number(error.closeCode) : 0
          this.lost.push(code)
          const isOver = code === 4409 || code === 4410
          if (!isOver) setTimeout(() => this.#open(reachable), REDIAL_MS * (0.5 + Math.random()))
        },
      },
    )
  }

  /** As phones do: a call that comes again is acted on once. */
  #join({ routingId, tunnelId }: LinkedCall): void {
    const id = encodeBase64url(tunnelId)
    if (this.#joined.has(id)) return
    this.#joined.add(id)
    const { url, ca } = this.#tunnelsAt
    const socket = new WebSocket(connectTunnelUrl(url, routingId, tunnelId), 'fido.cable', { ca })
    socket.on('message', (data: Buffer) => socket.send(data))
    socket.on('error', () => undefined)
  }
}

/** What a client of this phone dials. */
const contactPath = (key: LineKey): string =>
  `/cable/contact/${encodeBase64url(deriveContactId(nodeCryptoProvider, key))}`

export const freshKey = (): LineKey => lineKey(new Uint8Array(randomBytes(32)))

/** The proxy limits the requests of one address. */
export const someAddress = (): string => `127.0.${randomInt(1, 250)}.${randomInt(1, 250)}`

/** A client calls the phone and gets back what it sends. @throws with the HTTP status when it is turned away. */
export async function signIn(
  { url, ca }: Address,
  key: LineKey,
  from: string = someAddress(),
): Promise<void> {
  const headers = { 'X-caBLE-Client-Payload': randomBytes(16).toString('hex') }
  const options = { ca, headers, localAddress: from }
  const socket = new WebSocket(url + contactPath(key), 'fido.cable', options)
  const closed = once(socket, 'close').then(([code]: unknown[]) => {
    throw new Error(`closed with ${String(code)}`)
  })
  closed.catch(() => undefined)
  try {
    await Promise.race([once(socket, 'open'), closed])
    const echo = once(socket, 'message')
    socket.send(Buffer.from([1]))
    await Promise.race([echo, closed])
  } finally {
    socket.on('error', () => undefined)
    socket.close()
  }
}
