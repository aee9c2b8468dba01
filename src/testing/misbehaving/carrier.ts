import type { AirDevice } from '../../adapters/air/air.js'
import { streamFramer } from '../../framing/stream-framer.js'
import type { StreamFramer } from '../../framing/stream-framer.js'
import type { AdvertSender, DataChannel, DataChannelObserver } from '../../ports/data-channel.js'
import type { TunnelDialer, TunnelHeaders, TunnelRequest } from '../../ports/tunnel-dialer.js'

/** What carries the frames of a played peer: a tunnel, or a data channel of Bluetooth. */
export interface Carrier {
  send(frame: Uint8Array): void
  close(): unknown
}

/** Hears of a carrier. */
export interface CarrierListener {
  /** @param headers of a tunnel. */
  readonly opened: (headers?: TunnelHeaders) => void
  readonly frame: (bytes: Uint8Array) => void
  readonly end: () => void
}

/** The tunnel of a played peer. */
export function overTunnel(
  dialer: TunnelDialer,
  request: TunnelRequest,
  { opened, frame, end }: CarrierListener,
): Carrier {
  return dialer.dial(request, { open: opened, message: frame, closed: end, failed: end })
}

/** The data channel that a played client dials. */
export function overDialled(
  { dataChannelDialer }: AirDevice,
  to: AdvertSender,
  psm: number,
  listener: CarrierListener,
): Carrier {
  const framer = streamFramer()
  return framed(dataChannelDialer.dial(to, psm, observing(framer, listener)), framer)
}

/** The first data channel that a played phone takes. @param started is told its PSM. */
export function overTaken(
  { dataChannelListener }: AirDevice,
  started: (psm: number) => void,
  listener: CarrierListener,
): Carrier {
  let taken: Carrier | undefined
  const listening = dataChannelListener.listen({
    started,
    accepted: channel => {
      if (taken !== undefined) return undefined
      const framer = streamFramer()
      taken = framed(channel, framer)
      return observing(framer, listener)
    },
    failed: listener.end,
  })
  return {
    send: frame => taken?.send(frame),
    close: () => {
      void listening.stop()
      taken?.close()
    },
  }
}

function framed(channel: DataChannel, framer: StreamFramer): Carrier {
  return {
    send: frame => channel.send(framer.frame(frame)),
    close: () => channel.close(),
  }
}

function observing(framer: StreamFramer, { opened, frame, end }: CarrierListener): DataChannelObserver {
  return {
    open: opened,
    bytes: chunk => {
      for (const message of framer.read(chunk)) frame(message)
    },
    closed: end,
    failed: end,
  }
}
