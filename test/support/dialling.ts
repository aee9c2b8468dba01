import { afterEach, beforeEach, expect } from 'vitest'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import type { WsDialerOptions } from '../../src/adapters/ws/ws.js'
import { TunnelError } from '../../src/errors.js'
import type { Tunnel, TunnelDialer, TunnelRequest } from '../../src/ports/tunnel-dialer.js'
import { rawServer } from './raw-server.js'
import type { RawServer } from './raw-server.js'
import { expectNothingMoreOpen, openResources } from './resources.js'
import { tunnelProbe } from './tunnel-probe.js'
import type { TunnelProbe } from './tunnel-probe.js'

export const PATH = '/cable/new/00112233445566778899AABBCCDDEEFF'

/** A tunnel, closed after the test, and what it tells. */
interface Dialled {
  readonly tunnel: Tunnel
  readonly probe: TunnelProbe
}

let servers: { close(): Promise<void> }[] = []
let tunnels: Tunnel[] = []
let before = openResources()

/** Closes after each test of the file what it opened, and expects that nothing is left. */
export function leaveNothing(): void {
  beforeEach(() => {
    before = openResources()
  })
  afterEach(async () => {
    await Promise.all(tunnels.map(tunnel => tunnel.close()))
    await Promise.all(servers.map(server => server.close()))
    servers = []
    tunnels = []
    await expectNothingMoreOpen(before)
  })
}

/** Has a server closed after the test. */
export function adopt(server: { close(): Promise<void> }): void {
  servers.push(server)
}

export async function serve(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...args)
  adopt(server)
  return server
}

export function dial(
  url: string,
  options: WsDialerOptions = {},
  headers: TunnelRequest['headers'] = {},
): Dialled {
  return dialOver(quickDialer(options), url, headers)
}

export function quickDialer(options: WsDialerOptions = {}): TunnelDialer {
  return wsDialer({ closeTimeoutMs: 20, ...options })
}

export function dialOver(dialer: TunnelDialer, url: string, headers: TunnelRequest['headers'] = {}): Dialled {
  const probe = tunnelProbe()
  const tunnel = dialer.dial({ url, subprotocol: 'fido.cable', headers }, probe)
  tunnels.push(tunnel)
  return { tunnel, probe }
}

export function at(server: { port: number }, scheme = 'ws'): string {
  return `${scheme}://127.0.0.1:${server.port}${PATH}`
}

/** Dials, expects the only event to be a failure, and that nothing is left once closed. */
export function failure(url: string, options?: WsDialerOptions): Promise<TunnelError> {
  return failureOf(dial(url, options))
}

export async function failureOf({ tunnel, probe }: Dialled): Promise<TunnelError> {
  expect(probe.seen).toEqual([])
  const event = await probe.next()
  if (event.type !== 'failed') throw new Error(`expected failed, not ${event.type}`)
  expect(event.error).toBeInstanceOf(TunnelError)
  await tunnel.close()
  expect(probe.seen).toHaveLength(1)
  return event.error
}
