/**
 * Noise with P-256, AES-256-GCM and SHA-256, as far as the hybrid transport uses it.
 * @module
 */
export { nobleProvider } from './crypto/noble-provider.js'
export type {
  AeadKey,
  CryptoProvider,
  EcdhKey,
  HmacKey,
  MlDsaKey,
  MlDsaParameterSet,
} from './crypto/provider.js'
export * from './noise/cipher-state.js'
export * from './noise/handshake-state.js'
export * from './noise/patterns.js'
export * from './noise/symmetric-state.js'
