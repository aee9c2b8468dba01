import * as CLOSE_CODE from '../../bytes/close-code.js'
import type { Tunnel, TunnelDialer, TunnelListener } from '../../ports/tunnel-dialer.js'
import type { TunnelMisbehaviour } from './catalogue.js'
import { flipped } from './frames.js'

/** What a tunnel does between its service and one of the two parties. */
interface Between {
  /** Frames that are delivered in place of the next one; `index` counts from 0. */
  frames?(frame: Uint8Array, index: number): readonly Uint8Array[]
  /** A close code in place of the first frame, or of the acceptance. */
  readonly closes?: { readonly code: number; readonly at: 'open' | 'first-frame' }
  readonly accepts?: false
  /** Whether the frames of the party are also lost. */
  readonly deaf?: true
}

const INSERTED = new Uint8Array(48)

const first =
  (change: (frame: Uint8Array) => readonly Uint8Array[]): NonNullable<Between['frames']> =>
  (frame, index) =>
    index === 0 ? change(frame) : [frame]

const closes = (code: number): Between => ({ closes: { code, at: 'first-frame' } })

const BETWEEN: Readonly<Record<TunnelMisbehaviour, () => Between>> = {
  'never-accepts': () => ({ accepts: false }),
  'accepts-and-holds': () => ({ frames: () => [], deaf: true }),
  'frame-lost': () => ({ frames: first(() => []) }),
  'frame-repeated': () => ({ frames: first(frame => [frame, frame]) }),
  'frames-reordered': () => {
    const held: Uint8Array[] = []
    return {
      frames: (frame, index) => {
        if (index > 0) return [frame, ...held.splice(0)]
        held.push(frame)
        return []
      },
    }
  },
  'frame-flipped-bit': () => ({ frames: first(frame => [flipped(frame)]) }),
  'frame-cut': () => ({ frames: first(frame => [frame.slice(0, -1)]) }),
  'frame-emptied': () => ({ frames: first(() => [new Uint8Array()]) }),
  'frame-inserted': () => ({ frames: first(frame => [INSERTED, frame]) }),
  'hangs-up-at-once': () => ({ closes: { code: CLOSE_CODE.noCloseFrame, at: 'open' } }),
  'hangs-up-at-first-frame': () => closes(CLOSE_CODE.noCloseFrame),
  'closes-going-away': () => closes(CLOSE_CODE.goingAway),
  'closes-unsupported': () => closes(CLOSE_CODE.unsupportedData),
  'closes-policy': () => closes(CLOSE_CODE.policy),
  'closes-too-big': () => closes(CLOSE_CODE.tooBig),
}

/** Only a phone opens tunnels. */
const OF_PHONE = /\/cable\/new\//

/**
 * Stands between the devices of a lab and its tunnel service, and misbehaves towards one of the two parties.
 *
 * @example
 * const lab = createLab({ tunnel: misbehavingTunnel('frame-repeated', 'client') })
 */
export function misbehavingTunnel(
  how: TunnelMisbehaviour,
  victim: 'client' | 'phone',
): (service: TunnelDialer) => TunnelDialer {
  return service => ({
    dial: (request, listener) => {
      const isVictim = OF_PHONE.test(request.url) === (victim === 'phone')
      return isVictim
        ? dialThrough(BETWEEN[how](), service, request, listener)
        : service.dial(request, listener)
    },
  })
}

function dialThrough(
  between: Between,
  service: TunnelDialer,
  request: Parameters<TunnelDialer['dial']>[0],
  listener: TunnelListener,
): Tunnel {
  let index = 0
  let isOver = false
  const hear = (frame: Uint8Array): void => {
    if (!isOver) listener.message(frame)
  }
  const end = (act: () => void): void => {
    if (isOver) return
    isOver = true
    act()
  }
  const closeAt = (at: 'open' | 'first-frame'): boolean => {
    const { closes: close } = between
    if (close?.at !== at || isOver) return false
    end(() => listener.closed({ code: close.code, reason: '' }))
    void tunnel.close()
    return true
  }
  const tunnel = service.dial(request, {
    open: headers => {
      if (between.accepts === false) return
      listener.open(headers)
      closeAt('open')
    },
    message: bytes => {
      if (isOver || closeAt('first-frame')) return
      for (const frame of between.frames?.(bytes, index++) ?? [bytes]) hear(frame)
    },
    closed: close => end(() => listener.closed(close)),
    failed: error => end(() => listener.failed(error)),
  })
  return {
    send: bytes => {
      if (!isOver && between.deaf !== true) tunnel.send(bytes)
    },
    close: () => {
      isOver = true
      return tunnel.close()
    },
  }
}
