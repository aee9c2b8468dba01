import type { webcrypto } from 'node:crypto'
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'
import { cborDecode, cborEncode, CoseKey, Curve, KeyType, QrHandover, SessionTranscript } from '@owf/mdoc'
import { digest } from './keys.js'

// ISO/IEC 18013-7 Annex C: an mdoc over the Digital Credentials API.

/** Both structures begin with it. */
const DCAPI = 'dcapi'

const suite: CipherSuite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
})

/** The pair that a verifier makes for one request. */
export type EncryptionKeys = webcrypto.CryptoKeyPair

export function makeEncryptionKeys(): Promise<EncryptionKeys> {
  return suite.kem.generateKeyPair()
}

/** EncryptionInfo as base64url: a nonce, and the key that the answer is encrypted for. */
export async function encryptionInfo({ publicKey }: EncryptionKeys, nonce: Uint8Array): Promise<string> {
  const point = new Uint8Array(await suite.kem.serializePublicKey(publicKey))
  const key = CoseKey.create({
    keyType: KeyType.Ec,
    curve: Curve['P-256'],
    x: point.slice(1, 33),
    y: point.slice(33),
  })
  const parameters = new Map<string, unknown>([
    ['nonce', nonce],
    ['recipientPublicKey', key.encodedStructure],
  ])
  return Buffer.from(cborEncode([DCAPI, parameters])).toString('base64url')
}

/** `@owf/mdoc` has no handover of Annex C: this one encodes it. */
class AnnexCTranscript extends SessionTranscript {
  readonly #hash: Uint8Array

  constructor(hash: Uint8Array) {
    super({ deviceEngagement: null, eReaderKey: null, handover: QrHandover.create() })
    this.#hash = hash
  }

  override get encodedStructure(): [null, null, unknown] {
    return [null, null, [DCAPI, this.#hash]]
  }
}

/**
 * What the answer is bound to: this request, and the origin of the page that asks.
 * @param info EncryptionInfo in base64url, exactly as it was sent.
 */
export async function sessionTranscript(info: string, origin: string): Promise<SessionTranscript> {
  return new AnnexCTranscript(await digest('SHA-256', cborEncode([info, origin])))
}

/** EncryptedResponse in base64url. */
export async function seal(deviceResponse: Uint8Array, info: string, origin: string): Promise<string> {
  const recipientPublicKey = await recipientOf(info)
  const transcript = await sessionTranscript(info, origin)
  const sender = await suite.createSenderContext({ recipientPublicKey, info: transcript.encode() })
  const parameters = new Map([
    ['enc', new Uint8Array(sender.enc)],
    ['cipherText', new Uint8Array(await sender.seal(deviceResponse))],
  ])
  return Buffer.from(cborEncode([DCAPI, parameters])).toString('base64url')
}

async function recipientOf(info: string): Promise<webcrypto.CryptoKey> {
  const key = readStructure(info).get('recipientPublicKey')
  if (!(key instanceof Map)) throw new Error('EncryptionInfo has no key')
  const { publicKey } = CoseKey.fromEncodedStructure(key as never)
  return (await suite.kem.deserializePublicKey(publicKey)) as webcrypto.CryptoKey
}

/**
 * The DeviceResponse in an EncryptedResponse.
 * @throws Error for an answer to another request, or given to another origin.
 */
export async function open(
  response: string,
  { recipientKey, info, origin }: { recipientKey: EncryptionKeys; info: string; origin: string },
): Promise<Uint8Array> {
  const sealed = readStructure(response)
  const [enc, cipherText] = [sealed.get('enc'), sealed.get('cipherText')]
  if (!(enc instanceof Uint8Array && cipherText instanceof Uint8Array))
    throw new Error('nothing is encrypted')
  const transcript = await sessionTranscript(info, origin)
  return new Uint8Array(
    await suite.open({ recipientKey, enc: Uint8Array.from(enc), info: transcript.encode() }, cipherText),
  )
}

function readStructure(text: string): ReadonlyMap<unknown, unknown> {
  const structure: unknown = cborDecode(Buffer.from(text, 'base64url'))
  const [name, parameters] = Array.isArray(structure) ? (structure as readonly unknown[]) : []
  if (name === DCAPI && parameters instanceof Map) return parameters
  throw new Error(`the structure does not begin with ${DCAPI}`)
}
