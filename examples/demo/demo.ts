import { HybridAuthenticator, HybridClient } from 'fido-hybrid'
import type { AuthenticationResponseJSON, CeremonyOptions, Qr } from 'fido-hybrid'
import { createAir } from 'fido-hybrid/adapters/air'
import { readQrPicture } from 'fido-hybrid/adapters/qr-picture'
import { nodePlatform } from 'fido-hybrid/node'
import { serveTunnel } from 'fido-hybrid/service'
import { createRelyingParty, MemoryLinkStore } from 'fido-hybrid/testing'
import type { RelyingParty } from 'fido-hybrid/testing'
import { MemoryCredentialStore, MemoryPhoneIdentityStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import type { Consent } from 'fido-hybrid/virtual'
import { makeCertificate } from './certificate.js'
import { countingDialer } from './counting-dialer.js'
import type { Narrator } from './narrator.js'
import { whileServing } from './linked.js'
import { deviceStep, passkeyStep, serviceStep } from './steps.js'
import type { Ceremony } from './steps.js'
import { readVerified } from './verified.js'

const RP = { origin: 'https://login.example.com', rpId: 'example.com', rpName: 'Example' }

/** Who plays, and for whom. */
export interface DemoOptions {
  readonly narrator: Narrator
  /** The phone’s user. */
  readonly consent: Consent
  /** Ends the demo wherever it is. */
  readonly signal: AbortSignal
}

interface Devices {
  readonly laptop: HybridClient
  readonly phone: HybridAuthenticator
}

/**
 * Registers a passkey and signs in with it, by QR code and then by link: a laptop, a phone and a relying party around a
 * real tunnel service on loopback. When it settles, nothing of it is left running.
 * @throws WebAuthnError for a failed or interrupted ceremony.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { narrator } = options
  const { cert, key, ca } = await makeCertificate()
  const onEvent = (event: Parameters<typeof serviceStep>[0]): void => narrator.tell(serviceStep(event))
  const service = await serveTunnel({ port: 0, tls: { cert, key }, onEvent })
  let messages = 0
  let verified
  try {
    const words = `listens on ${service.url}`
    narrator.tell({ who: 'service', event: 'listening', words, facts: { url: service.url } })
    const count = (): void => void (messages += 1)
    const devices = makeDevices(service.url, ca, options, count)
    verified = await useThem(devices, await createRelyingParty(RP), options)
  } finally {
    await service.close()
  }
  narrator.conclude(verified, { messages })
}

function makeDevices(
  tunnelUrl: string,
  ca: string,
  { narrator, consent }: DemoOptions,
  onMessage: () => void,
): Devices {
  const air = createAir()
  const parts = nodePlatform({
    tunnel: { ca },
    scanner: air.scanner(),
    advertiser: air.advertiser(),
  })
  const platform = { ...parts, tunnelUrl, dialer: countingDialer(parts.dialer, onMessage) }
  const handler = new VirtualAuthenticator({
    store: new MemoryCredentialStore(),
    consent,
    random: platform.random,
    onEvent: event => narrator.tell(passkeyStep(event)),
  })
  const linking = { store: new MemoryPhoneIdentityStore(), name: 'Ada’s phone' }
  return {
    laptop: new HybridClient({ ...platform, links: new MemoryLinkStore() }),
    phone: new HybridAuthenticator({ ...platform, handler, linking }),
  }
}

async function useThem(
  devices: Devices,
  rp: RelyingParty,
  options: DemoOptions,
): Promise<ReturnType<typeof readVerified>> {
  const { laptop, phone } = devices
  const tell = (event: string, words: string): void =>
    options.narrator.tell({ who: 'relying-party', event, words, facts: { rpId: rp.rpId } })
  const signIn = async (
    act: (
      request: Awaited<ReturnType<RelyingParty['requestOptions']>>,
    ) => Promise<AuthenticationResponseJSON>,
  ): Promise<AuthenticationResponseJSON> => {
    tell('sign-in-asked', `wants a signature of any passkey for ${rp.rpId}`)
    const response = await act(await rp.requestOptions())
    await rp.signIn(response)
    tell('signed-in', 'verifies the signature: signed in')
    return response
  }

  tell('registration-asked', `wants a passkey for ${rp.rpId}`)
  const creationOptions = await rp.creationOptions()
  const registration = await together(devices, 'registration', options, ceremony =>
    laptop.create(creationOptions, ceremony),
  )
  const credential = await rp.register(registration)
  tell('registered', 'verifies the registration and keeps the public key')

  const scanned = await signIn(request =>
    together(devices, 'sign-in', options, ceremony => laptop.get(request, ceremony)),
  )
  const linked = await whileServing(phone, options, settings =>
    signIn(async request => {
      const [link] = await laptop.links()
      if (link === undefined) throw new Error('the phone gave no link')
      return laptop.get(request, { origin: RP.origin, link, ...settings })
    }),
  )
  return readVerified(credential, registration, [scanned, linked])
}

/** One ceremony: the laptop shows, the phone scans and serves; settles when both are done. */
async function together<Response>(
  { phone }: Devices,
  ceremony: Ceremony,
  { narrator, signal }: DemoOptions,
  act: (options: CeremonyOptions) => Promise<Response>,
): Promise<Response> {
  const laptopFailed = new AbortController()
  const onProgress: NonNullable<CeremonyOptions['onProgress']> = event =>
    narrator.tell(deviceStep(event, ceremony))
  const serve = async (qr: Qr): Promise<void> => {
    narrator.draw(qr)
    const { text, width, height } = await readQrPicture(await qr.toPng())
    const words = `reads the QR code from a picture of ${width} × ${height} pixels`
    narrator.tell({ who: 'phone', event: 'qr-scanned', words, facts: { ceremony } })
    const until = AbortSignal.any([signal, laptopFailed.signal])
    const link = ceremony === 'registration'
    await phone.scan(text, { source: 'image', remember: link, onProgress, signal: until })
  }
  let serving: Promise<void> = Promise.resolve()
  try {
    return await act({ origin: RP.origin, signal, onProgress, onQr: qr => (serving = serve(qr)) })
  } catch (error) {
    laptopFailed.abort()
    throw error
  } finally {
    await Promise.allSettled([serving])
  }
}
