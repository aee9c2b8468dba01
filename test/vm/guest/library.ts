import { HybridAuthenticator, HybridClient } from 'fido-hybrid'
import type { CeremonyOptions, ProgressEvent, Qr } from 'fido-hybrid'
import { bluezAdvertiser, bluezScanner } from 'fido-hybrid/adapters/bluez'
import { nodePlatform } from 'fido-hybrid/node'
import { serveTunnel } from 'fido-hybrid/service'
import { createRelyingParty } from 'fido-hybrid/testing'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import { RP } from './relying-party.js'

interface Devices {
  readonly laptop: HybridClient
  readonly phone: HybridAuthenticator
}

interface Witnessed<Response> {
  readonly response: Response
  /** `role event proximity`, as they came. */
  readonly steps: readonly string[]
}

/** Registers a passkey and signs in with it: the phone sends on hci0, the laptop hears on hci1. */
export async function useLibrary(): Promise<object> {
  const rp = await createRelyingParty(RP)
  const service = await serveTunnel({ port: 0 })
  try {
    const devices = makeDevices(service.url)
    const creationOptions = await rp.creationOptions()
    const registration = await together(devices, ceremony => devices.laptop.create(creationOptions, ceremony))
    const registered = await rp.register(registration.response)
    const requestOptions = await rp.requestOptions()
    const signIn = await together(devices, ceremony => devices.laptop.get(requestOptions, ceremony))
    const signedIn = await rp.signIn(signIn.response)
    return {
      registered: registered.id,
      signedIn: signedIn.id,
      counter: signedIn.counter,
      registration: registration.steps,
      signIn: signIn.steps,
    }
  } finally {
    await service.close()
  }
}

function makeDevices(tunnelUrl: string): Devices {
  const scanner = bluezScanner({ adapter: 'hci1' })
  const advertiser = bluezAdvertiser({ adapter: 'hci0' })
  const platform = { ...nodePlatform({ scanner, advertiser }), tunnelUrl }
  const { random } = platform
  const handler = new VirtualAuthenticator({
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    random,
  })
  return { laptop: new HybridClient(platform), phone: new HybridAuthenticator({ ...platform, handler }) }
}

/** One ceremony; settles when both sides are done. */
async function together<Response>(
  { phone }: Devices,
  act: (options: CeremonyOptions) => Promise<Response>,
): Promise<Witnessed<Response>> {
  const steps: string[] = []
  const onProgress = ({ role, event, proximity }: ProgressEvent): void =>
    void steps.push(`${role} ${event} ${proximity}`)
  let serving: Promise<unknown> = Promise.resolve()
  // Returned, so that a phone that fails ends the ceremony.
  const onQr = (qr: Qr): Promise<unknown> => (serving = phone.scan(qr.url, { source: 'camera', onProgress }))
  const response = await act({ origin: RP.origin, onProgress, onQr })
  await serving
  return { response, steps }
}
