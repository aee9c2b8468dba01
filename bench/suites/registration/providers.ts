import type { CryptoProvider } from 'fido-hybrid'

/** The crypto providers that registrations are compared on; each process loads the one that it uses. */
export const PROVIDERS: Readonly<Record<string, () => Promise<CryptoProvider>>> = {
  'node provider': async () => (await import('fido-hybrid/adapters/node-crypto')).nodeCryptoProvider,
  'noble provider': async () => (await import('fido-hybrid/wire')).nobleProvider,
}
