import { createAir } from '../../src/adapters/air/air.js'
import type { Air } from '../../src/adapters/air/air.js'
import { MemoryLinkStore } from '../../src/adapters/stores/memory-link-store.js'
import { MemoryPhoneIdentityStore } from '../../src/adapters/stores/memory-phone-identity-store.js'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { HybridAuthenticator } from '../../src/authenticator/hybrid-authenticator.js'
import type {
  HybridAuthenticatorOptions,
  ServeOptions,
} from '../../src/authenticator/hybrid-authenticator.js'
import type { ServeEvent, ServeReport } from '../../src/authenticator/serve-events.js'
import { HybridClient } from '../../src/client/hybrid-client.js'
import type { HybridClientOptions } from '../../src/client/hybrid-client.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import type { Link } from '../../src/ports/link-store.js'
import { MemoryTunnelService } from '../../src/testing/memory-tunnel-service.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { contactService } from './contact-service.js'
import type { ContactService } from './contact-service.js'
import { echo } from './pair.js'
import { takeNotes } from './probe.js'
import type { Notes } from './probe.js'

/** Laptops and phones that can be linked, in one process, on virtual time. */
export interface LinkedLab {
  readonly clock: VirtualClock
  readonly air: Air
  readonly service: ContactService
  client(options?: Partial<HybridClientOptions>): TestClient
  phone(options?: Partial<HybridAuthenticatorOptions>): TestPhone
}

export interface TestClient {
  readonly client: HybridClient
  readonly links: MemoryLinkStore
}

export interface TestPhone {
  readonly phone: HybridAuthenticator
  readonly identity: MemoryPhoneIdentityStore
}

export function linkedLab(): LinkedLab {
  const clock = new VirtualClock(1_790_000_000_000)
  const air = createAir()
  const service = contactService(new MemoryTunnelService(clock, systemRandom), clock)
  const shared = { clock, dialer: service.dialer, crypto: nodeCryptoProvider, random: systemRandom }
  return {
    clock,
    air,
    service,
    client(options = {}) {
      const links = new MemoryLinkStore()
      return { links, client: new HybridClient({ ...shared, scanner: air.scanner(), links, ...options }) }
    },
    phone(options = {}) {
      const identity = new MemoryPhoneIdentityStore()
      const linking = { store: identity, name: 'Ada’s phone' }
      const ports = { ...shared, advertiser: air.advertiser(), contactLine: service.line, handler: echo }
      return { identity, phone: new HybridAuthenticator({ ...ports, linking, ...options }) }
    },
  }
}

/** One command by QR code; what both sides told, in order. */
export async function meetByQr(
  { client }: Pick<TestClient, 'client'>,
  { phone }: Pick<TestPhone, 'phone'>,
  link: boolean | (() => boolean | Promise<boolean>) = true,
): Promise<ProgressEvent[]> {
  const told: ProgressEvent[] = []
  const onProgress = (event: ProgressEvent): void => void told.push(event)
  let served: Promise<unknown> = Promise.resolve()
  const connection = await client.connect({
    onProgress,
    onQr: qr => {
      served = phone.scan(qr.url, { source: 'camera', remember: link, onProgress })
    },
  })
  await connection.call(Uint8Array.of(1))
  await connection.close()
  await served
  return told
}

/** Links them. */
export async function linked(client: TestClient, phone: TestPhone): Promise<Link> {
  const before = new Set((await client.links.list()).map(({ linkId }) => encodeHex(linkId)))
  await meetByQr(client, phone)
  const link = (await client.links.list()).find(({ linkId }) => !before.has(encodeHex(linkId)))
  if (link === undefined) throw new Error('no link was made')
  return link
}

/** A phone that serves its links until told to stop. */
export interface Serving {
  readonly events: Notes<ServeEvent>
  stop(): Promise<ServeReport>
}

/** Settles when the phone is registered. */
export async function serving({ phone }: TestPhone, options: ServeOptions = {}): Promise<Serving> {
  const events = takeNotes<ServeEvent>()
  const ending = new AbortController()
  const report = phone.serve({ onEvent: events.note, signal: ending.signal, ...options })
  report.catch(() => undefined)
  await events.next()
  return {
    events,
    stop: () => {
      ending.abort()
      return report
    },
  }
}

/** One command by link. */
export async function callByLink(client: HybridClient, link: Link, command = 1): Promise<Uint8Array> {
  const connection = await client.connect({ link })
  try {
    return await connection.call(Uint8Array.of(command))
  } finally {
    await connection.close()
  }
}
