import type { DataChannel, DataChannelDialer, DataChannelListener } from 'fido-hybrid'

/** Data channels of a client that tell of each message that it sends. */
export function watchedDialer(dialer: DataChannelDialer, onMessage: () => void): DataChannelDialer {
  return {
    ...dialer,
    dial: (to, psm, observer) => watched(dialer.dial(to, psm, observer), onMessage),
  }
}

/** Data channels of a phone that tell of each message that it sends. */
export function watchedListener(listener: DataChannelListener, onMessage: () => void): DataChannelListener {
  return {
    ...listener,
    listen: listening =>
      listener.listen({
        ...listening,
        accepted: channel => listening.accepted(watched(channel, onMessage)),
      }),
  }
}

/** A message is sent by one call. */
function watched(channel: DataChannel, onMessage: () => void): DataChannel {
  return {
    send: bytes => {
      onMessage()
      channel.send(bytes)
    },
    close: () => channel.close(),
  }
}
