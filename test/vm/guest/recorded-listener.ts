import type { DataChannelListener } from 'fido-hybrid'

/** What clients have sent on one channel, in pieces as they came. */
export type Received = Uint8Array[]

/** A listener that keeps what comes on each of its channels. */
export function recordedListener(listener: DataChannelListener, channels: Received[]): DataChannelListener {
  return {
    proximity: listener.proximity,
    listen: listening =>
      listener.listen({
        started: psm => listening.started(psm),
        failed: error => listening.failed(error),
        accepted: channel => {
          const [observer, received] = [listening.accepted(channel), [] as Received]
          if (observer === undefined) return undefined
          channels.push(received)
          return {
            open: () => observer.open(),
            closed: () => observer.closed(),
            failed: error => observer.failed(error),
            bytes: chunk => {
              received.push(chunk)
              observer.bytes(chunk)
            },
          }
        },
      }),
  }
}
