import { randomBytes } from 'node:crypto'
import type { TunnelDialer } from 'fido-hybrid'
import { connectTunnelUrl, newTunnelUrl, routingId, TUNNEL_SUBPROTOCOL, tunnelId } from 'fido-hybrid/wire'

const ROUTING_ID_HEADER = 'x-cable-routing-id'
/** About what a sealed makeCredential request has. */
const MESSAGE = new Uint8Array(400)

/** How a side reaches the tunnel service. */
export interface Way {
  readonly dialer: TunnelDialer
  /** Its URL, without a path. */
  readonly base: string
}

/** Opens a tunnel, sends a message to and fro, and tells how long that took, ms: no handshake, no CTAP2. */
export async function bareRoundTrips(ofLaptop: Way, ofPhone: Way, times: number): Promise<number> {
  const id = tunnelId(new Uint8Array(randomBytes(16)))
  const phone = await dial(ofPhone, base => newTunnelUrl(base, id))
  phone.onMessage(bytes => phone.send(bytes))
  const route = routingId(new Uint8Array(Buffer.from(phone.routingId, 'hex')))
  const laptop = await dial(ofLaptop, base => connectTunnelUrl(base, route, id))
  const start = performance.now()
  await new Promise<void>(resolve => {
    let back = 0
    laptop.onMessage(bytes => {
      back += 1
      if (back === times) resolve()
      else laptop.send(bytes)
    })
    laptop.send(MESSAGE)
  })
  const elapsed = performance.now() - start
  await Promise.all([laptop.close(), phone.close()])
  return elapsed
}

interface End {
  readonly routingId: string
  send(bytes: Uint8Array): void
  onMessage(listener: (bytes: Uint8Array) => void): void
  close(): Promise<void>
}

function dial({ dialer, base }: Way, urlAt: (base: string) => string): Promise<End> {
  return new Promise((resolve, reject) => {
    let listener: (bytes: Uint8Array) => void = () => undefined
    const tunnel = dialer.dial(
      { url: urlAt(base), subprotocol: TUNNEL_SUBPROTOCOL, headers: {} },
      {
        open: headers =>
          resolve({
            routingId: headers.get(ROUTING_ID_HEADER)?.[0] ?? '',
            send: bytes => tunnel.send(bytes),
            onMessage: heard => void (listener = heard),
            close: () => tunnel.close(),
          }),
        message: bytes => listener(bytes),
        closed: () => undefined,
        failed: reject,
      },
    )
  })
}
