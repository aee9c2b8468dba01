import { expect, test } from 'vitest'
import {
  CLIENT_MISBEHAVIOURS,
  createLab,
  createRelyingParty,
  misbehavingClient,
  misbehavingPhone,
  PHONE_MISBEHAVIOURS,
  VirtualClock,
} from '../../src/testing.js'
import type { ClientMisbehaviour, PhoneMisbehaviour } from '../../src/testing.js'
import { endOf } from '../support/ceremony-ends.js'

const ORIGIN = 'https://example.com'
type Way = 'tunnel' | 'ble'

/** What the laptop says of a phone that misbehaves during a registration. */
async function ofPhone(how: PhoneMisbehaviour, dataChannel: Way): Promise<string> {
  const clock = new VirtualClock()
  const lab = createLab({ clock, dataChannel })
  const rp = await createRelyingParty({ origin: ORIGIN })
  const phone = misbehavingPhone(lab, how, { dataChannel })
  const onQr = (qr: { readonly url: string }): unknown => phone.scan(qr.url)
  return endOf(clock, lab.client().create(await rp.creationOptions(), { origin: ORIGIN, onQr }))
}

/** What the phone says of a laptop that misbehaves. */
function ofClient(how: ClientMisbehaviour, dataChannel: Way): Promise<string> {
  const clock = new VirtualClock()
  const lab = createLab({ clock, dataChannel })
  const { qrText } = misbehavingClient(lab, how, { dataChannel })
  return endOf(clock, lab.phone().scan(qrText))
}

/** Where a data channel makes a difference: what it is called in the tunnel, and here. */
type Differences<How extends string> = Readonly<Partial<Record<How, readonly [tunnel: string, ble: string]>>>

const PHONES: Differences<PhoneMisbehaviour> = {
  // The last bit of the service data is that of the PSM.
  'advert-flipped-bit': ['advert-timeout', 'channel-unreachable'],
  // Nobody goes to the tunnel that the advert names.
  'advert-elsewhere': ['tunnel-refused', 'done'],
  'hang-up-before-client': ['tunnel-refused', 'channel-unreachable'],
  // A tunnel service cuts what is too long.
  'message-2-long': ['handshake-failed', 'message-malformed'],
  'message-2-oversized': ['peer-closed', 'message-malformed'],
  'introduction-oversized-frame': ['peer-closed', 'message-malformed'],
  'answer-oversized': ['peer-closed', 'message-malformed'],
}

/** A stranger may have been on that channel: the phone waits for its client. */
const WAITED_FOR = 'advert-timeout'
const CLIENTS: Differences<ClientMisbehaviour> = {
  'hang-up-before-message-1': ['peer-closed', WAITED_FOR],
  'wrong-psk': ['handshake-failed', WAITED_FOR],
  'message-1-off-curve': ['handshake-failed', WAITED_FOR],
  'message-1-zero-point': ['handshake-failed', WAITED_FOR],
  'message-1-wrong-point': ['handshake-failed', WAITED_FOR],
  'message-1-compressed-point': ['handshake-failed', WAITED_FOR],
  'message-1-flipped-bit': ['handshake-failed', WAITED_FOR],
  'message-1-short': ['handshake-failed', WAITED_FOR],
  'message-1-long': ['handshake-failed', WAITED_FOR],
  'message-1-empty': ['handshake-failed', WAITED_FOR],
  'message-1-oversized': ['peer-closed', WAITED_FOR],
  'request-oversized-frame': ['peer-closed', 'message-malformed'],
}

test.each(Object.keys(PHONE_MISBEHAVIOURS) as PhoneMisbehaviour[])(
  'a phone that misbehaves (%s) over a data channel is refused as in the tunnel',
  async how => {
    const tunnel = await ofPhone(how, 'tunnel')
    expect([tunnel, await ofPhone(how, 'ble')]).toEqual(PHONES[how] ?? [tunnel, tunnel])
  },
)

test.each(Object.keys(CLIENT_MISBEHAVIOURS) as ClientMisbehaviour[])(
  'a client that misbehaves (%s) over a data channel is refused as in the tunnel',
  async how => {
    const tunnel = await ofClient(how, 'tunnel')
    expect([tunnel, await ofClient(how, 'ble')]).toEqual(CLIENTS[how] ?? [tunnel, tunnel])
  },
)
