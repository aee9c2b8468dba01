import { HybridAuthenticator, HybridClient, publicSuffixList } from 'fido-hybrid'
import type { CryptoProvider, ProgressEvent, TunnelDialer } from 'fido-hybrid'
import { createAir } from 'fido-hybrid/adapters/air'
import { systemClock, systemRandom } from 'fido-hybrid/adapters/system'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import { watchedDialer, watchedListener } from './watched-channels.js'

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
  /** What carries it, `tunnel` unless given: a simulated data channel of Bluetooth, which takes no time on the air. */
  readonly dataChannel?: 'tunnel' | 'ble'
  /** Hears of each message on a data channel, from either side. */
  readonly onChannelMessage?: () => void
  readonly onProgress?: (event: ProgressEvent) => void
}

/** A laptop and a phone with the air between them; each call registers a passkey, and settles when both are done. */
export function registrar(parts: Parts): () => Promise<void> {
  const { crypto, tunnelUrl, laptopDialer, phoneDialer, dataChannel = 'tunnel', onProgress } = parts
  const { onChannelMessage = () => undefined } = parts
  const air = createAir()
  const near = air.device()
  const shared = { crypto, tunnelUrl, dataChannel, clock: systemClock, random: systemRandom }
  const laptop = new HybridClient({
    ...shared,
    dialer: laptopDialer,
    scanner: near.scanner,
    dataChannelDialer: watchedDialer(near.dataChannelDialer, onChannelMessage),
    publicSuffixes: publicSuffixList,
  })
  return async () => {
    const store = new MemoryCredentialStore()
    const handler = new VirtualAuthenticator({ ...shared, store, consent: alwaysApprove() })
    const { advertiser, dataChannelListener } = air.device()
    const phone = new HybridAuthenticator({
      ...shared,
      dialer: phoneDialer,
      advertiser,
      dataChannelListener: watchedListener(dataChannelListener, onChannelMessage),
      handler,
    })
    let serving: Promise<unknown> = Promise.resolve()
    const options = { ...OPTIONS, pubKeyCredParams: [...OPTIONS.pubKeyCredParams] }
    await laptop.create(options, {
      origin: ORIGIN,
      onProgress,
      onQr: qr => (serving = phone.scan(qr.url, { source: 'camera' })),
    })
    await serving
  }
}
