import { expect, test } from 'vitest'
import { createLab, misbehavingTunnel, VirtualClock } from '../../src/testing.js'
import type { TunnelMisbehaviour } from '../../src/testing.js'
import { endsOf } from '../support/ceremony-ends.js'

/** How both end when the tunnel misbehaves towards one of them. */
function ends(how: TunnelMisbehaviour, victim: 'client' | 'phone'): ReturnType<typeof endsOf> {
  const clock = new VirtualClock()
  return endsOf(clock, createLab({ clock, tunnel: misbehavingTunnel(how, victim) }))
}

test.each<[TunnelMisbehaviour, 'client' | 'phone', string, string]>([
  ['never-accepts', 'client', 'tunnel-timeout', 'peer-closed'],
  ['never-accepts', 'phone', 'advert-timeout', 'tunnel-timeout'],
  ['accepts-and-holds', 'client', 'handshake-timeout', 'peer-closed'],
  ['accepts-and-holds', 'phone', 'handshake-timeout', 'peer-closed'],
  ['frame-lost', 'client', 'handshake-failed', 'peer-closed'],
  ['frame-lost', 'phone', 'handshake-timeout', 'peer-closed'],
  ['frame-repeated', 'client', 'decrypt-failed', 'peer-closed'],
  ['frame-repeated', 'phone', 'peer-closed', 'decrypt-failed'],
  ['frames-reordered', 'client', 'handshake-failed', 'peer-closed'],
  ['frames-reordered', 'phone', 'handshake-timeout', 'peer-closed'],
  ['frame-flipped-bit', 'client', 'handshake-failed', 'peer-closed'],
  ['frame-flipped-bit', 'phone', 'peer-closed', 'handshake-failed'],
  ['frame-cut', 'client', 'handshake-failed', 'peer-closed'],
  ['frame-cut', 'phone', 'peer-closed', 'handshake-failed'],
  ['frame-emptied', 'client', 'handshake-failed', 'peer-closed'],
  ['frame-emptied', 'phone', 'peer-closed', 'handshake-failed'],
  ['frame-inserted', 'client', 'handshake-failed', 'peer-closed'],
  ['frame-inserted', 'phone', 'peer-closed', 'handshake-failed'],
  ['hangs-up-at-once', 'client', 'peer-closed', 'peer-closed'],
  ['hangs-up-at-once', 'phone', 'advert-timeout', 'peer-closed'],
  ['hangs-up-at-first-frame', 'client', 'peer-closed', 'peer-closed'],
  ['hangs-up-at-first-frame', 'phone', 'peer-closed', 'peer-closed'],
  ['closes-going-away', 'client', 'peer-closed', 'peer-closed'],
  ['closes-going-away', 'phone', 'peer-closed', 'peer-closed'],
  ['closes-unsupported', 'client', 'tunnel-message-invalid', 'peer-closed'],
  ['closes-unsupported', 'phone', 'peer-closed', 'tunnel-message-invalid'],
  ['closes-policy', 'client', 'tunnel-limit', 'peer-closed'],
  ['closes-policy', 'phone', 'peer-closed', 'tunnel-limit'],
  ['closes-too-big', 'client', 'tunnel-limit', 'peer-closed'],
  ['closes-too-big', 'phone', 'peer-closed', 'tunnel-limit'],
])(
  'a tunnel that misbehaves (%s) towards the %s: client %s, phone %s',
  async (how, victim, client, phone) => {
    expect(await ends(how, victim)).toEqual({ client, phone })
  },
)
