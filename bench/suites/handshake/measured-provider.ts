import type { CryptoProvider } from 'fido-hybrid'
import type { AeadKey, EcdhKey } from 'fido-hybrid/wire'

/** Kinds of work that a handshake asks its provider for. */
export const WORK = ['key pairs', 'ECDH', 'points', 'HMAC', 'SHA-256', 'AEAD'] as const

export type Work = (typeof WORK)[number]

/** A provider that keeps account of the time spent in it. */
export interface MeasuredProvider {
  readonly crypto: CryptoProvider
  /** Milliseconds since `forget`. */
  readonly spent: Map<Work, number>
  forget(): void
  /** An ECDH key that is accounted for as well. */
  keyOf(key: EcdhKey): EcdhKey
}

/** Wraps a provider; what is around the calls is not accounted for. */
export function measuredProvider(inner: CryptoProvider): MeasuredProvider {
  const spent = new Map<Work, number>()
  const timed = <Result>(work: Work, call: () => Result): Result => {
    const start = performance.now()
    const result = call()
    spent.set(work, (spent.get(work) ?? 0) + performance.now() - start)
    return result
  }
  const keyOf = (key: EcdhKey): EcdhKey => ({
    publicKey: key.publicKey,
    sharedSecret: peer => timed('ECDH', () => key.sharedSecret(peer)),
    destroy: () => key.destroy(),
  })
  const aeadKeyOf = (key: AeadKey): AeadKey => ({
    seal: (...args) => timed('AEAD', () => key.seal(...args)),
    open: (...args) => timed('AEAD', () => key.open(...args)),
    destroy: () => key.destroy(),
  })
  const crypto: CryptoProvider = {
    ...inner,
    sha256: (...parts) => timed('SHA-256', () => inner.sha256(...parts)),
    hmacSha256: (...args) => timed('HMAC', () => inner.hmacSha256(...args)),
    generateEcdhKey: () => keyOf(timed('key pairs', () => inner.generateEcdhKey())),
    decodePoint: bytes => timed('points', () => inner.decodePoint(bytes)),
    aeadKey: key => aeadKeyOf(timed('AEAD', () => inner.aeadKey(key))),
  }
  return { crypto, spent, forget: () => spent.clear(), keyOf }
}
