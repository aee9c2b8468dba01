/**
 * The software authenticator behind the phone role.
 * @module
 */
export { openFileCredentialStore } from './adapters/file-credential-store.js'
export type { FileCredentialStore } from './adapters/file-credential-store.js'
export { MemoryCredentialStore } from './adapters/memory-credential-store.js'
export * from './virtual/consent.js'
export { VirtualAuthenticator } from './virtual/virtual-authenticator.js'
export type { VirtualAuthenticatorOptions } from './virtual/virtual-authenticator.js'
export type { VirtualEvent } from './virtual/virtual-device.js'
