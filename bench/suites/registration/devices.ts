import { HybridAuthenticator, HybridClient, publicSuffixList } from 'fido-hybrid'
import type { CryptoProvider, TunnelDialer } from 'fido-hybrid'
import { createAir } from 'fido-hybrid/adapters/air'
import { systemClock, systemRandom } from 'fido-hybrid/adapters/system'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'

const ORIGIN = 'https://login.example.com'
const OPTIONS = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'AQID', name: 'ada@example.com', displayName: 'Ada' },
  challenge: 'AAECAwQFBgcICQoLDA0ODw',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
} as const

/** What a laptop and a phone are made of here. */
export interface Parts {
  readonly crypto: CryptoProvider
  readonly tunnelUrl: string
  readonly laptopDialer: TunnelDialer
  readonly phoneDialer: TunnelDialer
}

/** A laptop and a phone with the air between them; each call registers a passkey, and settles when both are done. */
export function registrar({ crypto, tunnelUrl, laptopDialer, phoneDialer }: Parts): () => Promise<void> {
  const air = createAir()
  const shared = { crypto, tunnelUrl, clock: systemClock, random: systemRandom }
  const laptop = new HybridClient({
    ...shared,
    dialer: laptopDialer,
    scanner: air.scanner(),
    publicSuffixes: publicSuffixList,
  })
  return async () => {
    const store = new MemoryCredentialStore()
    const handler = new VirtualAuthenticator({ ...shared, store, consent: alwaysApprove() })
    const advertiser = air.advertiser()
    const phone = new HybridAuthenticator({ ...shared, dialer: phoneDialer, advertiser, handler })
    let serving: Promise<unknown> = Promise.resolve()
    const options = { ...OPTIONS, pubKeyCredParams: [...OPTIONS.pubKeyCredParams] }
    await laptop.create(options, {
      origin: ORIGIN,
      onQr: qr => (serving = phone.scan(qr.url, { source: 'camera' })),
    })
    await serving
  }
}
