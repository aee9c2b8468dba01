import { existsSync } from 'node:fs'
import { HybridAuthenticator } from 'fido-hybrid'
import type {
  AuthenticationResponseJSON,
  Framing,
  HybridError,
  RegistrationResponseJSON,
  ServeResult,
} from 'fido-hybrid'
import { bluezAdvertiser } from 'fido-hybrid/adapters/bluez'
import { l2capListener } from 'fido-hybrid/adapters/l2cap'
import { nodePlatform } from 'fido-hybrid/node'
import { createRelyingParty } from 'fido-hybrid/testing'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from 'fido-hybrid/virtual'
import { Laptop } from '../../peers/libwebauthn/laptop.js'
import type { End, Wanted } from '../../peers/libwebauthn/laptop.js'
import { adapterProperty } from './adapter.js'
import { countedDialer, NO_SERVICE } from './channel-ceremony.js'
import { LAPTOP, PHONE } from './data-channel.js'
import { recordedListener } from './recorded-listener.js'
import type { Received } from './recorded-listener.js'
import { RP } from './relying-party.js'

const PROGRAM = '/app/laptop'
const LOOKS = 200

/** Whether the image has the laptop made of libwebauthn: it is compiled where there is a compiler. */
export const isLibwebauthnHere: boolean = existsSync(PROGRAM)

/** What came of a ceremony. */
interface Met {
  readonly end: End
  /** What the phone says, or the code of its failure. */
  readonly served: ServeResult | string
  /** Of the laptop, in libwebauthn’s words. */
  readonly steps: readonly string[]
  /** The text of its code. */
  readonly code: string
  /** What the laptop sent on each channel, in pieces of hex. */
  readonly channels: readonly (readonly string[])[]
}

/**
 * Registers a passkey and signs in with it: libwebauthn is the laptop, and there is no way to a tunnel service. Then with a phone that
 * expects its messages otherwise.
 */
export async function meetLibwebauthn(): Promise<object> {
  const [laptop, counted, rp] = [new Laptop([PROGRAM]), countedDialer(), await createRelyingParty(RP)]
  const platform = { ...nodePlatform(), dialer: counted.dialer }
  const handler = new VirtualAuthenticator({
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    random: platform.random,
  })
  const both = { laptop, phone: { ...platform, handler } }
  try {
    const registration = await meet(both, 'register', await rp.creationOptions())
    const registered = await rp.register(responseOf(registration) as RegistrationResponseJSON)
    const signIn = await meet(both, 'sign-in', await rp.requestOptions())
    const signedIn = await rp.signIn(responseOf(signIn) as AuthenticationResponseJSON)
    const misread = await meet(both, 'sign-in', await rp.requestOptions(), 'crlf')
    const ceremonies = [registration, signIn]
    return { registered: registered.id, signedIn: signedIn.id, dials: counted.dials, ceremonies, misread }
  } finally {
    await laptop.stop()
  }
}

interface Both {
  readonly laptop: Laptop
  readonly phone: ReturnType<typeof nodePlatform> & { readonly handler: VirtualAuthenticator }
}

/** One ceremony, to the end of both: one that fails stops the other, but a laptop with a channel notices by itself. */
async function meet(
  { laptop, phone }: Both,
  operation: Wanted['operation'],
  options: object,
  framing: Framing = 'length',
): Promise<Met> {
  const wanted = { operation, by: 'code-with-l2cap', origin: RP.origin, options } as const
  const code = await laptop.begin(wanted)
  const [channels, ended]: [Received[], AbortController] = [[], new AbortController()]
  const hybrid = new HybridAuthenticator({
    ...phone,
    advertiser: bluezAdvertiser({ adapter: await adapterOfPhone() }),
    dataChannel: 'ble',
    dataChannelListener: recordedListener(l2capListener(), channels),
    framing,
    tunnelUrl: NO_SERVICE,
  })
  const serving = hybrid.scan(code, { source: 'camera', signal: ended.signal }).catch((error: unknown) => {
    if (channels.length === 0) laptop.cancel()
    return (error as HybridError).code
  })
  const end = await laptop.end()
  if (end.event !== 'done') ended.abort()
  return { code, end, served: await serving, steps: laptop.steps, channels: channels.map(inHex) }
}

function responseOf({ end, served, steps }: Met): unknown {
  if (end.event === 'done') return end.responses[0]
  throw new Error(JSON.stringify({ end, served, steps }))
}

/** The one that the laptop does not scan with: it takes whichever bluetoothd names first, and that is not always the same. */
async function adapterOfPhone(): Promise<string> {
  for (let look = 0; look < LOOKS; look++)
    for (const [other, adapter] of [
      [LAPTOP, PHONE],
      [PHONE, LAPTOP],
    ] as const)
      if ((await adapterProperty(other, 'Adapter1', 'Discovering')) === 'true') return adapter
  throw new Error('the laptop does not scan')
}

const inHex = (received: Received): readonly string[] =>
  received.map(piece => Buffer.from(piece).toString('hex'))
