import { HybridAuthenticator, HybridClient, TunnelError } from 'fido-hybrid'
import type { AdvertSender, BleScanner, DataChannelDialer, ProgressEvent, TunnelDialer } from 'fido-hybrid'
import { bluezAdvertiser, bluezScanner } from 'fido-hybrid/adapters/bluez'
import { nodePlatform } from 'fido-hybrid/node'
import { serveTunnel } from 'fido-hybrid/service'
import { createAir, createRelyingParty } from 'fido-hybrid/testing'
import type { RelyingParty } from 'fido-hybrid/testing'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import { advertise, held, LAPTOP, PHONE, phoneAddress } from './data-channel.js'
import { quantiles } from './quantiles.js'
import { RP } from './relying-party.js'

/** As many as there is time for, since every instruction is emulated: all of them where nothing else runs. */
const [MAX_CEREMONIES, CEREMONIES_MS] = [200, 50_000]
export const NO_SERVICE = 'ws://127.0.0.1:9'
/** Nobody takes a channel there. */
const WRONG_PSM = 0xff

type Platform = ReturnType<typeof nodePlatform>

/** A laptop and a phone that register passkeys at a relying party. */
export interface Party {
  readonly rp: RelyingParty
  readonly laptop: HybridClient
  readonly phone: HybridAuthenticator
}

export async function meet(
  platform: Platform,
  { scanner, advertiser, dataChannelDialer, dataChannel, tunnelUrl }: Meeting,
): Promise<Party> {
  const handler = new VirtualAuthenticator({
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    random: platform.random,
  })
  const both = { ...platform, dataChannel, tunnelUrl }
  return {
    rp: await createRelyingParty(RP),
    laptop: new HybridClient({ ...both, scanner, dataChannelDialer }),
    phone: new HybridAuthenticator({ ...both, advertiser, handler }),
  }
}

/** Where both meet. */
export interface Meeting extends Pick<Platform, 'scanner' | 'advertiser' | 'dataChannelDialer'> {
  readonly dataChannel: 'ble' | 'auto' | 'tunnel'
  readonly tunnelUrl: string
}

/** One registration; settles when both sides are done. @returns `role event`, as they came. */
async function register(party: Party): Promise<readonly string[]> {
  const steps: string[] = []
  await registerTelling(party, ({ role, event }) => void steps.push(`${role} ${event}`))
  return steps
}

/** One registration; settles when both sides are done. */
export async function registerTelling(
  { rp, laptop, phone }: Party,
  onProgress: (event: ProgressEvent) => void,
): Promise<void> {
  let serving: Promise<unknown> = Promise.resolve()
  const response = await laptop.create(await rp.creationOptions(), {
    origin: RP.origin,
    onProgress,
    onQr: qr => (serving = phone.scan(qr.url, { source: 'camera', onProgress })),
  })
  await rp.register(response)
  await serving
}

async function signIn({ rp, laptop, phone }: Party): Promise<number> {
  let serving: Promise<unknown> = Promise.resolve()
  const response = await laptop.get(await rp.requestOptions(), {
    origin: RP.origin,
    onQr: qr => (serving = phone.scan(qr.url, { source: 'camera' })),
  })
  const { counter } = await rp.signIn(response)
  await serving
  return counter
}

/** A way to a tunnel service that nobody may take. */
export function countedDialer(): { readonly dialer: TunnelDialer; dials: number } {
  const counted = {
    dials: 0,
    dialer: {
      dial: (_request, listener) => {
        counted.dials++
        queueMicrotask(() => listener.failed(new TunnelError('tunnel-unreachable', 'it is off')))
        return { send: () => undefined, close: () => Promise.resolve() }
      },
    } satisfies TunnelDialer,
  }
  return counted
}

/** Registers a passkey and signs in with it, without a tunnel service: heard and dialled over the air. */
export async function useChannel(): Promise<object> {
  const counted = countedDialer()
  const platform = { ...nodePlatform(), dialer: counted.dialer }
  const party = await meet(platform, {
    scanner: bluezScanner({ adapter: LAPTOP }),
    advertiser: bluezAdvertiser({ adapter: PHONE }),
    dataChannelDialer: platform.dataChannelDialer,
    dataChannel: 'ble',
    tunnelUrl: NO_SERVICE,
  })
  const steps = await register(party)
  const counter = await signIn(party)
  return { steps, counter, dials: counted.dials }
}

/** Adverts that are heard at once, as if the phone had sent them: btvirt takes seconds for each. */
export async function quickRadio(): Promise<Pick<Platform, 'scanner' | 'advertiser'>> {
  const [air, from] = [createAir(), await phoneAddress()]
  const heard = air.scanner()
  const scanner: BleScanner = {
    proximity: 'bluetooth',
    scan: listener =>
      heard.scan({
        started: () => listener.started(),
        failed: error => listener.failed(error),
        advert: report => listener.advert({ ...report, from }),
      }),
  }
  return { scanner, advertiser: { ...air.advertiser(), proximity: 'bluetooth' } }
}

/** Many registrations over real channels, one after the other. */
export async function registerOften(): Promise<object> {
  const advert = await advertise()
  const counted = countedDialer()
  const platform = { ...nodePlatform(), dialer: counted.dialer }
  const { dataChannelDialer } = platform
  const meeting = {
    ...(await quickRadio()),
    dataChannelDialer,
    dataChannel: 'ble',
    tunnelUrl: NO_SERVICE,
  } as const
  const party = await meet(platform, meeting)
  await register(party)
  const before = await held()
  const times: number[] = []
  for (const end = performance.now() + CEREMONIES_MS; times.length < MAX_CEREMONIES;) {
    const startedAt = performance.now()
    if (startedAt > end) break
    await register(party)
    times.push(performance.now() - startedAt)
  }
  const after = await held()
  await advert.stop()
  return { count: times.length, registrationMs: quantiles(times), before, after, dials: counted.dials }
}

/** Where a dial goes instead. */
type Astray = (to: AdvertSender, psm: number) => readonly [AdvertSender, number]

const toWrongPsm: Astray = to => [to, WRONG_PSM]
/** Public addresses are dialled as random ones: nobody answers there, and nobody says so. */
const toWrongType: Astray = (to, psm) => [{ ...to, addressType: 'random' }, psm]

/** Channels that are refused, or lead to nobody: the tunnel carries the registration. */
export async function fallBack(): Promise<object> {
  return { refused: await registerAstray(toWrongPsm), unanswered: await registerAstray(toWrongType) }
}

async function registerAstray(astray: Astray): Promise<readonly string[]> {
  const [advert, service] = [await advertise(), await serveTunnel({ port: 0 })]
  const platform = nodePlatform()
  const { dataChannelDialer } = platform
  if (!('dial' in dataChannelDialer)) throw dataChannelDialer
  const misled: DataChannelDialer = {
    ...dataChannelDialer,
    dial: (to, psm, observer) => dataChannelDialer.dial(...astray(to, psm), observer),
  }
  const radio = await quickRadio()
  const meeting = {
    ...radio,
    dataChannelDialer: misled,
    dataChannel: 'auto',
    tunnelUrl: service.url,
  } as const
  try {
    return await register(await meet(platform, meeting))
  } finally {
    await Promise.all([advert.stop(), service.close()])
  }
}
