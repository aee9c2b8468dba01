import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { nodeCryptoProvider } from '../../../src/adapters/node-crypto/node-crypto.js'
import { clientNonce } from '../../../src/bytes/brands.js'
import { encodeHex } from '../../../src/bytes/hex.js'
import { deriveContactId } from '../../../src/crypto/derive.js'
import { encodeClientPayload } from '../../../src/tunnel/client-payload.js'
import { contactTunnelUrl } from '../../../src/tunnel/url.js'
import type { MemoryPhoneIdentityStore } from '../../../src/virtual.js'
import type { Surroundings } from './surroundings.js'

/** Clients that call a phone by its first link, and say nothing when it takes the call. @returns a way to have them leave. */
export async function callers(
  count: number,
  { service, certificate: { ca } }: Surroundings,
  identity: MemoryPhoneIdentityStore,
): Promise<() => void> {
  const { links, lineKey } = (await identity.load()) ?? { links: [] }
  const [link] = links
  if (link === undefined || lineKey === undefined) throw new Error('the phone has no link')
  const url = contactTunnelUrl(service.url, deriveContactId(nodeCryptoProvider, lineKey))
  const sockets = Array.from({ length: count }, () => {
    const nonce = clientNonce(new Uint8Array(randomBytes(16)))
    const payload = encodeClientPayload({ linkId: link.linkId, clientNonce: nonce, requestType: 'ga' })
    return new WebSocket(url, 'fido.cable', { ca, headers: { 'X-caBLE-Client-Payload': encodeHex(payload) } })
  })
  await Promise.all(sockets.map(socket => once(socket, 'open')))
  return () => {
    for (const socket of sockets) socket.terminate()
  }
}
