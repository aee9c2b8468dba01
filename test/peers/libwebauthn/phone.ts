import { bluezAdvertiser } from '../../../src/adapters/bluez/bluez.js'
import { HybridAuthenticator } from '../../../src/index.js'
import type { BleAdvertiser, ServeResult } from '../../../src/index.js'
import { nodePlatform } from '../../../src/node.js'
import {
  alwaysApprove,
  MemoryCredentialStore,
  MemoryPhoneIdentityStore,
  VirtualAuthenticator,
} from '../../../src/virtual.js'
import type { Consent, VirtualAuthenticatorOptions } from '../../../src/virtual.js'
import type { End, Laptop, Wanted } from './laptop.js'
import type { Surroundings } from './surroundings.js'

/** What differs from a generic phone whose owner approves. */
export interface PhoneOptions extends Partial<Omit<VirtualAuthenticatorOptions, 'random' | 'store'>> {
  readonly store?: MemoryCredentialStore
  readonly consent?: Consent
  readonly identity?: MemoryPhoneIdentityStore
  readonly tunnelServiceId?: number
  /** Follows the 20 bytes of its adverts. */
  readonly suffix?: Uint8Array
}

/** Our phone: BlueZ advertises for it, and it dials our tunnel service by TLS. */
export interface Phone {
  readonly hybrid: HybridAuthenticator
  readonly store: MemoryCredentialStore
  readonly handler: VirtualAuthenticator
}

/** A laptop that fails before it has heard the advert costs a test no more. */
const PATIENCE = { advertMs: 20_000 }

export const PHONE_NAME = 'Ada’s phone'

export function newPhone(around: Surroundings, options: PhoneOptions = {}): Phone {
  const { suffix, tunnelServiceId = 4711, ...given } = options
  const { identity = new MemoryPhoneIdentityStore(), store = new MemoryCredentialStore(), ...traits } = given
  const platform = nodePlatform({
    tunnel: { ca: around.certificate.ca },
    advertiser: advertiserOf(around, suffix),
  })
  const handler = new VirtualAuthenticator({
    consent: alwaysApprove(),
    random: platform.random,
    ...traits,
    store,
  })
  const linking = { store: identity, name: PHONE_NAME }
  const hybrid = new HybridAuthenticator({
    ...platform,
    handler,
    tunnelServiceId,
    tunnelUrl: around.service.url,
    ...(handler.updates === 'never' ? {} : { linking }),
  })
  return { hybrid, store, handler }
}

function advertiserOf({ air }: Surroundings, suffix: Uint8Array | undefined): BleAdvertiser {
  const busAddress = air.phone.bus.address
  const advertiser = bluezAdvertiser({ adapter: suffix === undefined ? 'hci0' : 'hci1', busAddress })
  if (suffix === undefined) return advertiser
  return {
    proximity: advertiser.proximity,
    advertise: (serviceData, listener) =>
      advertiser.advertise(Uint8Array.from([...serviceData, ...suffix]), listener),
  }
}

/** What came of a ceremony on both sides. */
export interface Met {
  readonly end: End
  /** What the phone says; an error when its transaction failed. */
  readonly served: ServeResult | Error
}

/** The laptop shows a code, the phone reads it, and both come to an end. */
export async function meet(
  laptop: Laptop,
  { hybrid }: Pick<Phone, 'hybrid'>,
  wanted: Wanted,
  remember = false,
): Promise<Met> {
  const code = await laptop.begin(wanted)
  const served = hybrid
    .scan(code, { source: 'camera', remember, timeouts: PATIENCE })
    .catch((error: unknown) => error as Error)
  return { end: await laptop.end(), served: await served }
}

/** The responses of a ceremony that went well on both sides. */
export function responsesOf({ end, served }: Met): readonly unknown[] {
  if (served instanceof Error) throw new Error(`the laptop: ${JSON.stringify(end)}`, { cause: served })
  return given(end)
}

/** The responses that the laptop has got. */
export function given(end: End): readonly unknown[] {
  if (end.event === 'done') return end.responses
  throw new Error(`the laptop: ${JSON.stringify(end)}`)
}
