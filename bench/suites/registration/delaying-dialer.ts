import type { TunnelDialer } from 'fido-hybrid'

/** Hears of each message of one side: when it was sent, and when one arrived. */
export interface Watch {
  readonly sent?: () => void
  readonly arrived?: () => void
}

/** Tunnels in which each message that this side sends is on its way for some milliseconds, in order. */
export function delayingDialer(dialer: TunnelDialer, delayMs: number, watch: Watch = {}): TunnelDialer {
  return {
    dial: (request, listener) => {
      const tunnel = dialer.dial(request, {
        open: headers => listener.open(headers),
        closed: end => listener.closed(end),
        failed: error => listener.failed(error),
        message: bytes => {
          watch.arrived?.()
          listener.message(bytes)
        },
      })
      let onTheWay: Promise<void> = Promise.resolve()
      return {
        send: bytes => {
          watch.sent?.()
          onTheWay = after(delayMs, () => tunnel.send(bytes))
        },
        close: async () => {
          await onTheWay
          await tunnel.close()
        },
      }
    },
  }
}

function after(delayMs: number, act: () => void): Promise<void> {
  return new Promise(resolve => {
    setTimeout(() => {
      act()
      resolve()
    }, delayMs)
  })
}
