import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import type { PhoneProfileName } from '../../src/testing.js'

export const KILLED = ['nobody', 'phone', 'client', 'tunnel of the phone', 'tunnel of the client'] as const

/** Whom to kill, and when. */
export interface Kill {
  readonly who: (typeof KILLED)[number]
  /** How many things happen first: messages sent and heard, and steps told. */
  readonly after: number
  readonly profile: PhoneProfileName
}

/** Counts what happens once it is armed, and strikes when it is time. */
export class Killer {
  readonly #kill: Kill
  readonly phone: AbortController = new AbortController()
  readonly client: AbortController = new AbortController()
  readonly #cuts = new Map<string, () => void>()
  #isArmed = false
  #count = 0
  #dials = 0

  constructor(kill: Kill) {
    this.#kill = kill
  }

  /** From now on things count. */
  arm(): void {
    this.#isArmed = true
    this.#dials = 0
  }

  /** From now on nobody is killed. */
  disarm(): void {
    this.#isArmed = false
  }

  readonly step = (): void => {
    if (!this.#isArmed || this.#count++ !== this.#kill.after) return
    if (this.#kill.who === 'phone') this.phone.abort()
    else if (this.#kill.who === 'client') this.client.abort()
    else this.#cuts.get(this.#kill.who)?.()
  }

  /** The phone dials first. */
  readonly tunnel = (service: TunnelDialer): TunnelDialer => ({
    dial: (request, listener) => {
      let isCut = false
      const live = (act: () => void): void => {
        this.step()
        if (!isCut) act()
      }
      const tunnel = service.dial(request, {
        open: headers => live(() => listener.open(headers)),
        message: bytes => live(() => listener.message(bytes)),
        closed: end => live(() => listener.closed(end)),
        failed: error => live(() => listener.failed(error)),
      })
      this.#cuts.set(this.#dials++ === 0 ? 'tunnel of the phone' : 'tunnel of the client', () => {
        isCut = true
        void tunnel.close()
        queueMicrotask(() => listener.closed({ code: 1006, reason: '' }))
      })
      return { send: bytes => live(() => tunnel.send(bytes)), close: () => tunnel.close() }
    },
  })
}
