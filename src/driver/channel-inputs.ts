import { ProximityError } from '../errors.js'
import { portFailed } from '../ports/calling.js'
import type { DataChannelObserver } from '../ports/data-channel.js'
import type { StreamFramer } from '../framing/stream-framer.js'
import type { MachineInput } from '../session/machine-io.js'

/** What a data channel tells a session, in either role. */
export type ChannelInput = Extract<MachineInput, { readonly channel: number }>

/** Turns what happens on a data channel into inputs: its bytes become messages. */
export function channelInputs(
  channel: number,
  framer: StreamFramer,
  feed: (input: ChannelInput) => void,
): DataChannelObserver {
  let isBroken = false
  const broke = (error: ChannelInput & { readonly type: 'channel-failed' }): void => {
    if (!isBroken) feed(error)
    isBroken = true
  }
  return {
    open: () => feed({ type: 'channel-open', channel }),
    bytes: chunk => {
      if (isBroken) return
      try {
        for (const bytes of framer.read(chunk)) feed({ type: 'channel-message', channel, bytes })
      } catch (cause) {
        broke({ type: 'channel-failed', channel, error: portFailed('a data channel', cause) })
      }
    },
    closed: () => {
      if (framer.isWithinMessage) broke({ type: 'channel-failed', channel, error: cutOff() })
      else if (!isBroken) feed({ type: 'channel-closed', channel })
    },
    failed: error => broke({ type: 'channel-failed', channel, error }),
  }
}

function cutOff(): ProximityError {
  return new ProximityError('channel-lost', 'the data channel ended within a message')
}
