import { createAir } from '../../src/adapters/air/air.js'
import { MemoryCredentialStore } from '../../src/adapters/stores/memory-credential-store.js'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemClock, systemRandom } from '../../src/adapters/system/system.js'
import { HybridAuthenticator } from '../../src/authenticator/hybrid-authenticator.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { HybridClient } from '../../src/client/hybrid-client.js'
import type { ServeResult } from '../../src/driver/authenticator-driver.js'
import { HybridError } from '../../src/errors.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { alwaysApprove, alwaysRefuse } from '../../src/virtual/consent.js'
import type { Consent } from '../../src/virtual/consent.js'
import { VirtualAuthenticator } from '../../src/virtual/virtual-authenticator.js'
import { publicSuffixList } from '../../src/webauthn/public-suffix-list.js'
import type { RegistrationResponseJSON } from '../../src/webauthn/registration-json.js'
import { WebAuthnError } from '../../src/webauthn/webauthn-error.js'
import type { FaultPlan } from './fault-plan.js'
import { faultyDialer } from './faulty-dialer.js'

/**
 * How a registration ended. `torn`: the laptop has its passkey and the phone cannot be sure of it, because the goodbye was
 * lost; the phone keeps it as unconfirmed.
 */
export type End = 'completed' | 'failed' | 'torn'

export interface Ended {
  readonly end: End
  /** Error codes of laptop and phone. */
  readonly codes: readonly string[]
}

/** What all registrations share. */
export interface Soak {
  readonly dialer: TunnelDialer
  readonly tunnelUrl: string
  readonly plan: FaultPlan
}

const ORIGIN = 'https://login.example.com'
/** Whoever is left alone gives up: their user sees on the other device that it failed. */
const LEFT_ALONE_MS = 250

const OPTIONS = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'YWRh', name: 'ada@example.com', displayName: 'Ada' },
  challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
} as const

/** Registers one passkey, whatever the plan has in store. @throws Error when it ends in any way that it must not. */
export async function register({ dialer, tunnelUrl, plan }: Soak): Promise<Ended> {
  const [laptopUser, phoneUser] = [new AbortController(), new AbortController()]
  const shared = { clock: systemClock, crypto: nodeCryptoProvider, random: systemRandom, tunnelUrl }
  const air = createAir()
  const store = new MemoryCredentialStore()
  const handler = new VirtualAuthenticator({ store, consent: consentOf(plan), random: systemRandom })
  const client = new HybridClient({
    ...shared,
    scanner: air.scanner(),
    dialer: faultyDialer(dialer, plan, () => laptopUser.abort()),
    publicSuffixes: publicSuffixList,
  })
  const phone = new HybridAuthenticator({
    ...shared,
    handler,
    advertiser: air.advertiser(),
    dialer: faultyDialer(dialer, plan, () => phoneUser.abort()),
  })
  let served: Promise<PromiseSettledResult<ServeResult>> | undefined
  let forget = (): void => undefined
  const [created] = await Promise.allSettled([
    client.create(
      { ...OPTIONS, pubKeyCredParams: [...OPTIONS.pubKeyCredParams] },
      {
        origin: ORIGIN,
        signal: laptopUser.signal,
        onQr: ({ url }) => {
          const scanning = phone.scan(url, { source: 'camera', signal: phoneUser.signal })
          scanning.catch(() => {
            forget = abortSoon(laptopUser)
          })
          served = settled(scanning)
        },
      },
    ),
  ])
  forget()
  forget = abortSoon(phoneUser)
  const phoneEnd = await served
  forget()
  if (phoneEnd === undefined) throw new Error('no QR code was shown')
  return judge(created, phoneEnd, await store.list())
}

function consentOf(plan: FaultPlan): Consent {
  return {
    ask: (request, signal) =>
      (plan.strike(['refused']) === undefined ? alwaysApprove() : alwaysRefuse()).ask(request, signal),
  }
}

async function settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [outcome] = await Promise.allSettled([promise])
  return outcome
}

/** The user of the side that is left alone gives up. @returns what prevents it. */
function abortSoon(user: AbortController): () => void {
  const timer = setTimeout(() => user.abort(), LEFT_ALONE_MS)
  return () => clearTimeout(timer)
}

type Kept = Awaited<ReturnType<MemoryCredentialStore['list']>>

function judge(
  created: PromiseSettledResult<RegistrationResponseJSON>,
  served: PromiseSettledResult<ServeResult>,
  kept: Kept,
): Ended {
  const codes = [codeOf(created), codeOf(served)].filter(code => code !== undefined)
  const [passkey] = kept
  if (created.status === 'rejected') {
    if (passkey?.confirmed === true) throw new Error('the phone takes a failed registration for confirmed')
    return { end: 'failed', codes }
  }
  if (passkey === undefined || encodeBase64url(passkey.credentialId) !== created.value.id)
    throw new Error('the phone has not kept the passkey that the laptop has')
  if (!passkey.confirmed) return { end: 'torn', codes }
  if (served.status === 'rejected') throw new Error('confirmed and failed', { cause: served.reason })
  return { end: 'completed', codes }
}

/** @throws what is no typed error. */
function codeOf(settled: PromiseSettledResult<unknown>): string | undefined {
  if (settled.status === 'fulfilled') return undefined
  const reason: unknown = settled.reason
  if (reason instanceof WebAuthnError || reason instanceof HybridError) return reason.code
  throw new Error('not a typed error', { cause: reason })
}
