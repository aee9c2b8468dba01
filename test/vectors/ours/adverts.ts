import {
  connectTunnelUrl,
  decodeCbor,
  decodeEid,
  decodeHex,
  decodeSuffix,
  derive,
  derivePsk,
  DERIVATIONS,
  deriveTunnelId,
  eid,
  eidKey,
  encodeEid,
  encodeSuffix,
  nobleProvider,
  openAdvert,
  privateKeyFromSeed,
  qrSecret,
  routingId,
  sealAdvert,
  splitServiceData,
  tunnelDomain,
  tunnelServiceId,
} from '../../../src/wire.js'
import type { Derivation, Eid, EidKey } from '../../../src/wire.js'
import { inHex, Refusal } from './operation.js'
import type { Fields, Given, Operation } from './operation.js'

const crypto = nobleProvider
const NAMES = Object.keys(DERIVATIONS) as readonly Derivation[]

const eidKeyOf = (secret: Uint8Array, salt: Uint8Array): EidKey =>
  eidKey(derive(crypto, 'eid-key', secret, salt))

function plaintextOf(given: Given): Eid {
  return encodeEid({
    nonce: given.bytes('nonce'),
    routingId: routingId(given.bytes('routingId')),
    tunnelServiceId: tunnelServiceId(given.number('encodedDomain')),
  })
}

/** The fields of a plaintext. */
export function readPlaintext(plaintext: Eid): Fields {
  const { nonce, routingId: routing, tunnelServiceId: encodedDomain } = decodeEid(plaintext)
  return inHex({ nonce, routingId: routing, encodedDomain })
}

function written(given: Given): Fields {
  const key = eidKeyOf(given.bytes('secret'), given.bytes('salt'))
  const advertPlaintext = plaintextOf(given)
  const base = `wss://${tunnelDomain(crypto, tunnelServiceId(given.number('encodedDomain')))}`
  const tunnel = (): string => {
    const id = deriveTunnelId(crypto, qrSecret(given.bytes('secret')))
    return connectTunnelUrl(base, routingId(given.bytes('routingId')), id).toLowerCase()
  }
  const advert = sealAdvert(crypto, key, advertPlaintext)
  return inHex({
    eidKey: key,
    advertPlaintext,
    advert,
    connectUrl: given.text('secret').length === 32 ? tunnel() : undefined,
  })
}

function opened(given: Given): Fields {
  const key = eidKeyOf(given.bytes('secret'), new Uint8Array())
  const plaintext = openAdvert(crypto, key, given.bytes('advert'))
  if (plaintext === undefined) throw new Refusal('advert-not-opened')
  return readPlaintext(plaintext)
}

/** A suffix that cannot be read counts as none; what cannot be read is what is no map. */
function psmOf(suffix: Uint8Array): number | null {
  const { psm = null } = decodeSuffix(suffix)
  try {
    if (decodeCbor(suffix) instanceof Map) return psm
  } catch {
    // It is no CBOR.
  }
  throw new Refusal('suffix-unreadable')
}

function worked(given: Given): Fields {
  const secret = qrSecret(given.bytes('secret'))
  const key = eidKeyOf(secret, new Uint8Array())
  const advertPlaintext = plaintextOf(given)
  const advert = sealAdvert(crypto, key, advertPlaintext)
  const serviceData = Uint8Array.of(...advert, ...encodeSuffix({ psm: given.number('psm') }))
  return inHex({
    eidKey: key,
    tunnelId: deriveTunnelId(crypto, secret),
    advertPlaintext,
    advert,
    serviceData,
    psk: derivePsk(crypto, secret, advertPlaintext),
  })
}

function derived(given: Given): Fields {
  const name = NAMES.find(one => DERIVATIONS[one].type === given.number('type'))
  if (name === undefined) throw new Refusal('no such derivation')
  return inHex({ key: derive(crypto, name, given.bytes('secret'), given.bytes('salt')) })
}

function keyOfSeed(given: Given): Fields {
  const privateKey = privateKeyFromSeed(crypto, given.bytes('seed'))
  return inHex({ privateKey, publicKey: crypto.importEcdhKey(privateKey).publicKey })
}

export const ADVERTS: Readonly<Record<string, Operation>> = {
  'derive.derive': derived,
  'derive.seedToKey': keyOfSeed,
  'eid.adverts': written,
  'eid.plaintexts': given => readPlaintext(eid(given.bytes('advertPlaintext'))),
  'eid.refused': opened,
  'eid.suffixes': given => ({ psm: psmOf(given.bytes('suffix')) }),
  'eid.serviceData': given => {
    const parts = splitServiceData(decodeHex(given.text('serviceData')))
    if (parts === undefined) throw new Refusal('service data')
    return inHex({ ...parts, psm: psmOf(parts.suffix) })
  },
  'worked-example.adverts': worked,
}
