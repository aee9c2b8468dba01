import { webcrypto } from 'node:crypto'

const { subtle } = webcrypto
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export type KeyPair = webcrypto.CryptoKeyPair
export type Key = webcrypto.CryptoKey

/** A P-256 key as JSON. */
export interface Jwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  /** Of a private key only. */
  readonly d?: string
}

/** Makes a pair for ES256. */
export function makeKeys(): Promise<KeyPair> {
  return subtle.generateKey(ES256, true, ['sign', 'verify'])
}

export async function jwkOf(key: Key): Promise<Jwk> {
  const { x = '', y = '', d } = await subtle.exportKey('jwk', key)
  return { kty: 'EC', crv: 'P-256', x, y, ...(d !== undefined && { d }) }
}

export function keyOf(jwk: webcrypto.JsonWebKey): Promise<Key> {
  return subtle.importKey('jwk', jwk, ES256, true, jwk.d === undefined ? ['verify'] : ['sign'])
}

export async function sign(privateKey: Key, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.sign(ES256, privateKey, data))
}

export function isSigned(publicKey: Key, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  return subtle.verify(ES256, publicKey, signature, data)
}

export async function digest(algorithm: string, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest(algorithm, data))
}

export function randomBytes(length: number): Uint8Array {
  return webcrypto.getRandomValues(new Uint8Array(length))
}

/** Makes a pair that a wallet encrypts for (ECDH-ES). */
export function makeEncryptionKeys(): Promise<KeyPair> {
  return subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
}
