import type { TunnelDialer } from 'fido-hybrid'

/** Tells of each message that comes out of a tunnel. */
export function countingDialer(dialer: TunnelDialer, onMessage: () => void): TunnelDialer {
  return {
    dial: (request, listener) =>
      dialer.dial(request, {
        open: headers => listener.open(headers),
        closed: end => listener.closed(end),
        failed: error => listener.failed(error),
        message: bytes => {
          onMessage()
          listener.message(bytes)
        },
      }),
  }
}
