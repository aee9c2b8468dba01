import { unpadMessage } from '../handshake/padding.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import type { PlayWatch } from '../testing/misbehaving/player.js'
import type { Timeline } from './timeline.js'

/** What a played peer saw of the command under test, sealed frames being opened. */
export class WatchedSide {
  readonly watch: PlayWatch
  /** Padded plaintexts; undefined for a frame that did not open. */
  readonly frames: (Uint8Array | undefined)[] = []
  #handshake: Uint8Array | undefined
  #fault: string | undefined

  constructor(timeline: Timeline) {
    this.watch = {
      met: message => {
        this.#handshake = message
        timeline.note('peer', 'the handshake is through')
      },
      opened: padded => {
        this.frames.push(padded)
        timeline.note('peer', padded === undefined ? 'a frame does not open' : `opens ${padded.length} bytes`)
      },
      unreadable: error => {
        this.#fault = error instanceof Error ? error.message : String(error)
        timeline.note('peer', `cannot read that: ${this.#fault}`)
      },
    }
  }

  /** Its message of the handshake, where that went through. */
  get handshake(): Uint8Array | undefined {
    return this.#handshake
  }

  /** Why something of the other side could not be read. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** The plaintexts that could be read, in order. */
  get plaintexts(): readonly Uint8Array[] {
    return this.frames.flatMap(padded => {
      const plaintext = padded && decodedOrUndefined(() => unpadMessage(padded))
      return plaintext === undefined ? [] : [plaintext]
    })
  }
}
