import assert from 'node:assert/strict'
import { nodeCryptoProvider } from '../../../src/adapters/node-crypto/node-crypto.js'
import { decodeAirMessage, encodeAirMessage } from '../../../src/adapters/air/message.js'
import { CREDENTIAL_FORMAT } from '../../../src/adapters/stores/credential-file.js'
import { decodeStoreFile, encodeStoreFile } from '../../../src/adapters/stores/store-format.js'
import { followRedirect } from '../../../src/adapters/sockets/redirect.js'
import { decodeEid, encodeEid } from '../../../src/advert/eid.js'
import { openAdvert, sealAdvert } from '../../../src/advert/sealed-advert.js'
import { splitServiceData } from '../../../src/advert/service-data.js'
import { decodeSuffix, encodeSuffix } from '../../../src/advert/suffix.js'
import { decodeBase64url, encodeBase64url } from '../../../src/bytes/base64url.js'
import { eid, eidKey, tunnelServiceId } from '../../../src/bytes/brands.js'
import { concatBytes } from '../../../src/bytes/bytes.js'
import { readU16LE } from '../../../src/bytes/endian.js'
import { decodeHex } from '../../../src/bytes/hex.js'
import { decodeUtf8, encodeUtf8 } from '../../../src/bytes/utf8.js'
import { DecodeError, TunnelError, UsageError } from '../../../src/errors.js'
import { checkedTunnelUrl } from '../../../src/driver/tunnel-url.js'
import { decodeClientPayload, encodeClientPayload } from '../../../src/tunnel/client-payload.js'
import {
  decodePhoneFrame,
  decodeServiceFrame,
  encodePhoneFrame,
  encodeServiceFrame,
} from '../../../src/tunnel/contact-frames.js'
import { tunnelDomain } from '../../../src/tunnel/domain.js'
import { decodeRoutingId, encodeRoutingId } from '../../../src/tunnel/headers.js'
import { formatTunnelPath, parseTunnelPath } from '../../../src/tunnel/path.js'
import { onlyCase } from '../../support/cases.js'
import store from '../../stores/store-v1.json' with { type: 'json' }
import { canonical, stable, unlessRefused } from '../invariants.js'
import { bytesIn, textsIn } from '../seeds.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'
import { FRAMED } from './framing.js'
import { PROXIED } from './proxied.js'

const crypto = nodeCryptoProvider
const real = onlyCase<{ eidKey: string; serviceData: string }>('trace-ios', 'sessions')
const STORE = encodeUtf8(JSON.stringify(store))
const ADVERT_KEY = eidKey(decodeHex(real.eidKey))
const CONTACT_FRAMES = [
  `01${'11'.repeat(32)}${'22'.repeat(32)}`,
  `02${'07'.repeat(16)}00`,
  '810000ea60',
  `82010203${'07'.repeat(16)}a0`,
].map(decodeHex)
const FROM = new URL('wss://cable.example.com/cable/new/00')
const DOMAIN = /^cable\.(?:[a-z2-7]+|ua5v|auth)\.(?:com|org|net|info)$/

/** As text, whatever the bytes. */
const textOf = (input: Uint8Array): string => new TextDecoder().decode(input)

/** Service data opens for nobody but who has the key: what opens is what was sealed. */
function advert(input: Uint8Array): void {
  const opened = openAdvert(crypto, ADVERT_KEY, input)
  if (opened === undefined) return
  assert.deepEqual(sealAdvert(crypto, ADVERT_KEY, opened), splitServiceData(input)?.advert)
}

function suffix(input: Uint8Array): void {
  const { psm } = decodeSuffix(input)
  if (psm !== undefined) assert.deepEqual(decodeSuffix(encodeSuffix({ psm })), { psm })
}

function domain(input: Uint8Array): void {
  if (input.length < 2) return
  const id = unlessRefused(() => tunnelServiceId(readU16LE(input)), DecodeError)
  if (id !== undefined) assert.match(tunnelDomain(crypto, id), DOMAIN)
}

function path(input: Uint8Array): void {
  const text = textOf(input)
  const parsed = unlessRefused(() => parseTunnelPath(text), DecodeError)
  if (parsed === undefined) return
  const written = formatTunnelPath(parsed)
  assert.equal(written.toLowerCase(), text.toLowerCase())
  assert.deepEqual(parseTunnelPath(written), parsed)
}

function routing(input: Uint8Array): void {
  const values = textOf(input).split('\n')
  const id = unlessRefused(() => decodeRoutingId(values), DecodeError)
  if (id !== undefined) assert.deepEqual([encodeRoutingId(id)], [values.join().toUpperCase()])
}

/** No redirect leaves TLS, and no address given by a caller is without it but on loopback. */
function address(input: Uint8Array): void {
  const text = textOf(input)
  const target = unlessRefused(() => followRedirect(FROM, text), TunnelError)
  if (target !== undefined) assert.equal(target.protocol, 'wss:')
  const checked = unlessRefused(() => checkedTunnelUrl(text), UsageError, TunnelError)
  if (checked === undefined) return
  const dialled = new URL(`${checked}/cable`)
  assert.match(dialled.protocol, /^wss?:$/)
  assert.ok(dialled.pathname.endsWith('/cable') && dialled.search + dialled.hash === '')
}

export const tunnel: FuzzTarget = {
  name: 'tunnel',
  about:
    'adverts; tunnel paths, addresses, headers, contact frames; proxies’ headers; air messages; files of passkeys; data channels',
  maxBytes: 1500,
  words: [
    '/cable/new/',
    '/cable/connect/',
    '/cable/contact/',
    'wss://',
    'ws://127.0.0.1',
    'PROXY TCP6 ',
    'for=',
    '"advert"',
    '"stop"',
  ],
  ...choosing([
    { seeds: [...bytesIn('eid'), decodeHex(real.serviceData)], run: advert },
    { seeds: bytesIn('eid'), run: canonical(bytes => decodeEid(eid(bytes)), encodeEid) },
    { seeds: bytesIn('eid'), run: suffix },
    { seeds: [Uint8Array.of(0, 0), Uint8Array.of(0, 1)], run: domain },
    { seeds: textsIn(/^\//, 'tunnel-path'), run: path },
    { seeds: [encodeUtf8('0A0B0C'), encodeUtf8('0a0b0c\n0a0b0c')], run: routing },
    { seeds: bytesIn('linking'), run: canonicalPayload },
    {
      seeds: ['https://other.example.com/x', 'ws://127.0.0.1:80', '//a', '/b'].map(encodeUtf8),
      run: address,
    },
    {
      seeds: [
        encodeUtf8('{"advert":{"uuid":"fff9","data":"00"}}'),
        encodeUtf8('{"stop":{"uuid":"fde2","data":"00"}}'),
      ],
      run: stable(
        bytes => decodeAirMessage(decodeUtf8(bytes)),
        message => encodeUtf8(encodeAirMessage(message)),
      ),
    },
    {
      seeds: [STORE],
      run: stable(
        bytes => decodeStoreFile(CREDENTIAL_FORMAT, bytes),
        credentials => encodeStoreFile(CREDENTIAL_FORMAT, credentials),
      ),
    },
    {
      seeds: [encodeUtf8('AAEC'), encodeUtf8('_-8')],
      run: canonical(
        bytes => decodeBase64url(decodeUtf8(bytes)),
        bytes => encodeUtf8(encodeBase64url(bytes)),
      ),
    },
    { seeds: CONTACT_FRAMES, run: canonical(decodePhoneFrame, encodePhoneFrame) },
    { seeds: CONTACT_FRAMES, run: canonical(decodeServiceFrame, encodeServiceFrame) },
    { seeds: [encodeUtf8('aé€😀')], run: canonical(decodeUtf8, encodeUtf8) },
    ...PROXIED,
    ...FRAMED,
  ]),
}

/** Unknown members are dropped, so only what is written here comes back byte by byte. */
function canonicalPayload(input: Uint8Array): void {
  stable(decodeClientPayload, encodeClientPayload)(input)
  stable(decodeClientPayload, encodeClientPayload)(concatBytes(PAYLOAD_HEAD, input))
}

/** {1: 8 bytes, …: so that the fuzzer need not find that. */
const PAYLOAD_HEAD = Uint8Array.of(0xa3, 1, 0x48, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x50)
