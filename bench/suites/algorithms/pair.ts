import { HybridAuthenticator, HybridClient, publicSuffixList } from 'fido-hybrid'
import type { CtapHandler, Qr, TunnelDialer } from 'fido-hybrid'
import { createAir } from 'fido-hybrid/adapters/air'
import { nodeCryptoProvider } from 'fido-hybrid/adapters/node-crypto'
import { systemClock, systemRandom } from 'fido-hybrid/adapters/system'
import { wsDialer } from 'fido-hybrid/adapters/ws'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'

const ORIGIN = 'https://login.example.com'
const CHALLENGE = 'AAECAwQFBgcICQoLDA0ODw'

/** What one ceremony took. */
export interface Cost {
  /** From the click to the end, ms. */
  readonly total: number
  /** Of it in the phone’s software authenticator, ms. */
  readonly phone: number
  /** Through the tunnel, both directions, sealed. */
  readonly bytes: number
}

/** A laptop, and a phone whose passkeys sign with one algorithm and attest themselves. */
export interface Pair {
  /** Each time another user: the phone keeps them all. */
  readonly register: () => Promise<Cost>
  readonly signIn: () => Promise<Cost>
}

/** @param algorithm COSE identifier. */
export function pairFor(algorithm: number, tunnelUrl: string): Pair {
  const spent = { phone: 0, bytes: 0 }
  const air = createAir()
  const dialer = countingDialer(length => (spent.bytes += length))
  const shared = { crypto: nodeCryptoProvider, tunnelUrl, clock: systemClock, random: systemRandom, dialer }
  const laptop = new HybridClient({ ...shared, scanner: air.scanner(), publicSuffixes: publicSuffixList })
  const authenticator = new VirtualAuthenticator({
    ...shared,
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    algorithms: [algorithm],
    attestation: { format: 'packed' },
  })
  const handler = timedHandler(authenticator, ms => (spent.phone += ms))
  const phone = new HybridAuthenticator({ ...shared, advertiser: air.advertiser(), handler })
  const costOf = async (
    ceremony: (onQr: (qr: Qr) => Promise<unknown>) => Promise<unknown>,
  ): Promise<Cost> => {
    Object.assign(spent, { phone: 0, bytes: 0 })
    const start = performance.now()
    let serving: Promise<unknown> = Promise.resolve()
    await ceremony(qr => (serving = phone.scan(qr.url, { source: 'camera' })))
    await serving
    return { total: performance.now() - start, ...spent }
  }
  return {
    register: () => costOf(onQr => laptop.create(creationOptions(algorithm), { origin: ORIGIN, onQr })),
    signIn: () => costOf(onQr => laptop.get(REQUEST_OPTIONS, { origin: ORIGIN, onQr })),
  }
}

const REQUEST_OPTIONS = { rpId: 'example.com', challenge: CHALLENGE, userVerification: 'required' } as const

function creationOptions(alg: number): Parameters<HybridClient['create']>[0] {
  return {
    rp: { id: 'example.com', name: 'Example' },
    user: { id: 'AQID', name: 'ada@example.com', displayName: 'Ada' },
    challenge: CHALLENGE,
    pubKeyCredParams: [{ type: 'public-key', alg }],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestation: 'direct',
  }
}

function timedHandler(authenticator: VirtualAuthenticator, spend: (ms: number) => void): CtapHandler {
  return {
    getInfo: () => authenticator.getInfo(),
    handle: async (request, context) => {
      const start = performance.now()
      try {
        return await authenticator.handle(request, context)
      } finally {
        spend(performance.now() - start)
      }
    },
    concluded: (outcome, signal) => authenticator.concluded(outcome, signal),
  }
}

function countingDialer(count: (length: number) => void): TunnelDialer {
  const dialer = wsDialer()
  return {
    dial: (request, listener) => {
      const tunnel = dialer.dial(request, listener)
      return {
        send: bytes => {
          count(bytes.length)
          tunnel.send(bytes)
        },
        close: () => tunnel.close(),
      }
    },
  }
}
