import { expect, test } from 'vitest'
import {
  createLab,
  DATA_CHANNEL_MISBEHAVIOURS,
  misbehavingDataChannel,
  VirtualClock,
} from '../../src/testing.js'
import type { DataChannelMisbehaviour } from '../../src/testing.js'
import { endsOf } from '../support/ceremony-ends.js'

/** How both end when the data channel misbehaves towards one of them. */
function ends(
  how: DataChannelMisbehaviour,
  victim: 'client' | 'phone',
  dataChannel: 'ble' | 'auto',
): ReturnType<typeof endsOf> {
  const clock = new VirtualClock()
  return endsOf(clock, createLab({ clock, dataChannel, channels: misbehavingDataChannel(how, victim) }))
}

type Codes = readonly [client: string, phone: string]

/** Of `refuses` and `never-opens` a phone does not hear: it takes channels, and dials none. */
const CASES: readonly (readonly [DataChannelMisbehaviour, 'client' | 'phone', Codes, Codes])[] = [
  ['refuses', 'client', ['channel-unreachable', 'advert-timeout'], ['done', 'done']],
  ['never-opens', 'client', ['channel-unreachable', 'advert-timeout'], ['done', 'done']],
  ['opens-and-holds', 'client', ['handshake-timeout', 'peer-closed'], ['handshake-timeout', 'peer-closed']],
  ['opens-and-holds', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['message-lost', 'client', ['message-malformed', 'peer-closed'], ['tunnel-refused', 'peer-closed']],
  ['message-lost', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['message-repeated', 'client', ['decrypt-failed', 'peer-closed'], ['decrypt-failed', 'peer-closed']],
  ['message-repeated', 'phone', ['peer-closed', 'decrypt-failed'], ['peer-closed', 'decrypt-failed']],
  ['message-flipped-bit', 'client', ['handshake-failed', 'peer-closed'], ['tunnel-refused', 'peer-closed']],
  ['message-flipped-bit', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['message-cut', 'client', ['handshake-failed', 'peer-closed'], ['tunnel-refused', 'peer-closed']],
  ['message-cut', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['message-emptied', 'client', ['handshake-failed', 'peer-closed'], ['tunnel-refused', 'peer-closed']],
  ['message-emptied', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['length-huge', 'client', ['message-malformed', 'peer-closed'], ['tunnel-refused', 'peer-closed']],
  ['length-huge', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['length-huge-later', 'client', ['message-malformed', 'peer-closed'], ['message-malformed', 'peer-closed']],
  ['length-huge-later', 'phone', ['peer-closed', 'message-malformed'], ['peer-closed', 'message-malformed']],
  [
    'length-beyond-limit-later',
    'client',
    ['message-malformed', 'peer-closed'],
    ['message-malformed', 'peer-closed'],
  ],
  [
    'length-beyond-limit-later',
    'phone',
    ['peer-closed', 'message-malformed'],
    ['peer-closed', 'message-malformed'],
  ],
  ['closes-at-first-message', 'client', ['peer-closed', 'peer-closed'], ['peer-closed', 'peer-closed']],
  ['closes-at-first-message', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['closes-within-message', 'client', ['channel-lost', 'peer-closed'], ['channel-lost', 'peer-closed']],
  ['closes-within-message', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['breaks-at-first-message', 'client', ['channel-lost', 'peer-closed'], ['channel-lost', 'peer-closed']],
  ['breaks-at-first-message', 'phone', ['peer-closed', 'advert-timeout'], ['peer-closed', 'advert-timeout']],
  ['breaks-later', 'client', ['channel-lost', 'peer-closed'], ['channel-lost', 'peer-closed']],
  ['breaks-later', 'phone', ['peer-closed', 'channel-lost'], ['peer-closed', 'channel-lost']],
]

test('every misbehaviour is tried', () => {
  const tried = new Set(CASES.map(([how]) => how))
  expect([...tried].toSorted()).toEqual(Object.keys(DATA_CHANNEL_MISBEHAVIOURS).toSorted())
})

test.each(CASES)(
  'a data channel that misbehaves (%s) towards the %s ends both in good time: alone %j, beside a tunnel %j',
  async (how, victim, alone, beside) => {
    expect(await ends(how, victim, 'ble')).toEqual({ client: alone[0], phone: alone[1] })
    expect(await ends(how, victim, 'auto')).toEqual({ client: beside[0], phone: beside[1] })
  },
)
