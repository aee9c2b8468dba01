import {
  CLIENT_PAYLOAD_HEADER,
  clientNonce,
  contactId,
  contactTunnelUrl,
  decodeLinkingInfo,
  decodeMessage,
  deriveContactSecret,
  deriveEidKey,
  deriveIdentitySeed,
  deriveLinkSecret,
  derivePsk,
  eid,
  encodeClientPayload,
  encodeClientPayloadHeader,
  handshakeHash,
  linkId,
  linkSecret,
  nobleProvider,
  parseTunnelPath,
  privateKeyFromSeed,
  rootSecret,
  sealAdvert,
  signLink,
  tunnelDomain,
  tunnelServiceId,
  verifyLink,
} from '../../../src/wire.js'
import { inHex, Refusal } from './operation.js'
import type { Fields, Given, Operation } from './operation.js'

const crypto = nobleProvider

function signature(given: Given): Fields {
  const identity = crypto.importEcdhKey(given.bytes('identityPrivateKey'))
  const client = crypto.importEcdhKey(given.bytes('clientPrivateKey'))
  const hash = handshakeHash(given.bytes('handshakeHash'))
  return inHex({
    identityPublicKey: identity.publicKey,
    clientPublicKey: client.publicKey,
    sharedSecret: client.sharedSecret(identity.publicKey),
    signature: signLink(crypto, identity, client.publicKey, hash),
  })
}

function phoneSecrets(given: Given): Fields {
  const root = rootSecret(given.bytes('rootSecret'))
  const contactSecret = deriveContactSecret(crypto, root, contactId(given.bytes('contactId')))
  const identityKeySeed = deriveIdentitySeed(crypto, root)
  const identityPrivateKey = privateKeyFromSeed(crypto, identityKeySeed)
  return inHex({
    contactSecret,
    linkSecret: deriveLinkSecret(crypto, contactSecret, linkId(given.bytes('linkId'))),
    identityKeySeed,
    identityPrivateKey,
    identityPublicKey: crypto.importEcdhKey(identityPrivateKey).publicKey,
  })
}

function syncedSecrets(given: Given): Fields {
  const id = new Uint8Array(8)
  new DataView(id.buffer).setUint32(0, given.number('day'), true)
  return inHex({ linkId: id, linkSecret: deriveLinkSecret(crypto, given.bytes('rootSecret'), linkId(id)) })
}

function update(given: Given): Fields {
  const message = decodeMessage(given.bytes('message'))
  if (message.type !== 'update') throw new Refusal('no update')
  if (message.linking === undefined) return { links: false }
  const client = crypto.importEcdhKey(given.bytes('clientPrivateKey'))
  const hash = handshakeHash(given.bytes('handshakeHash'))
  return { links: verifyLink(crypto, client, decodeLinkingInfo(message.linking), hash) }
}

function stateAssisted(given: Given): Fields {
  const nonce = clientNonce(given.bytes('clientNonce'))
  const secret = linkSecret(given.bytes('linkSecret'))
  const plaintext = eid(given.bytes('advertPlaintext'))
  const key = deriveEidKey(crypto, secret, nonce)
  const [ga, mc] = (['ga', 'mc'] as const).map(requestType =>
    encodeClientPayload({ linkId: linkId(given.bytes('linkId')), clientNonce: nonce, requestType }),
  )
  return inHex({
    contactUrl: contactTunnelUrl(`wss://${given.text('tunnelDomain')}`, contactId(given.bytes('contactId'))),
    clientPayloadGa: ga,
    clientPayloadMc: mc,
    header: `${CLIENT_PAYLOAD_HEADER}: ${encodeClientPayloadHeader(ga ?? new Uint8Array())}`,
    eidKey: key,
    advert: sealAdvert(crypto, key, plaintext),
    psk: derivePsk(crypto, secret, plaintext),
  })
}

const domain = (given: Given): Fields => ({
  domain: tunnelDomain(crypto, tunnelServiceId(given.number('encodedDomain'))),
})

export const LINKS: Readonly<Record<string, Operation>> = {
  'tunnel-domain.domains': domain,
  'chromium-156.domains': domain,
  'tunnel-path.paths': given => inHex({ ...parseTunnelPath(given.text('path')) }),
  'linking.signatures': signature,
  'linking.phoneSecrets': phoneSecrets,
  'linking.syncedSecrets': syncedSecrets,
  'linking.updates': update,
  'linking.stateAssisted': stateAssisted,
}
