import { concatBytes } from '../../bytes/bytes.js'
import { CONTACT_TAG_LENGTH } from '../../bytes/contact-tag.js'
import { encodeU32BE, readU32BE } from '../../bytes/endian.js'
import type { Asked } from '../directory/engine.js'

/*
 * Redis carries messages and no answers. A message is one of these, and an answer goes to the channel of the member that asked.
 *
 *   00 ‖ frame                                   says something
 *   01 ‖ member (22) ‖ number (4) ‖ frame        asks
 *   02 ‖ number (4) ‖ answer                     answers
 */
const KIND = { said: 0, asked: 1, answered: 2 } as const
const U32_BYTES = 4
const MAX_U32 = 0xffff_ffff

/** A message that has come. */
export type Envelope =
  | { readonly kind: 'said'; readonly frame: Uint8Array }
  | { readonly kind: 'asked'; readonly member: string; readonly number: number; readonly frame: Uint8Array }
  | { readonly kind: 'answered'; readonly number: number; readonly frame: Uint8Array }

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const kind = Uint8Array.of(KIND[envelope.kind])
  switch (envelope.kind) {
    case 'said':
      return concatBytes(kind, envelope.frame)
    case 'asked':
      return concatBytes(
        kind,
        Buffer.from(envelope.member, 'latin1'),
        encodeU32BE(envelope.number),
        envelope.frame,
      )
    case 'answered':
      return concatBytes(kind, encodeU32BE(envelope.number), envelope.frame)
  }
}

/** @returns undefined for what no member sends. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  const body = bytes.slice(1)
  switch (bytes[0]) {
    case KIND.said:
      return { kind: 'said', frame: body }
    case KIND.asked: {
      const numberAt = CONTACT_TAG_LENGTH
      const frameAt = numberAt + U32_BYTES
      if (body.length < frameAt) return undefined
      const member = Buffer.from(body.slice(0, numberAt)).toString('latin1')
      const number = readU32BE(body.slice(numberAt, frameAt))
      return { kind: 'asked', member, number, frame: body.slice(frameAt) }
    }
    case KIND.answered:
      if (body.length < U32_BYTES) return undefined
      return { kind: 'answered', number: readU32BE(body.slice(0, U32_BYTES)), frame: body.slice(U32_BYTES) }
    default:
      return undefined
  }
}

/** The questions that wait for answers. */
export class Questions {
  readonly #waiting = new Map<number, (asked: Asked) => void>()
  #last = 0

  /** @param send sends it under this number, and says how many hear it. */
  async ask(limitMs: number, send: (number: number) => Promise<number>): Promise<Asked> {
    const number = (this.#last = (this.#last % MAX_U32) + 1)
    const answer = new Promise<Asked>(resolve => {
      const timer = setTimeout(() => this.settle(number, 'silent'), limitMs)
      this.#waiting.set(number, asked => {
        clearTimeout(timer)
        resolve(asked)
      })
    })
    send(number).then(
      hearers => {
        if (hearers === 0) this.settle(number, 'nobody')
      },
      () => this.settle(number, 'down'),
    )
    return answer
  }

  settle(number: number, asked: Asked): void {
    this.#waiting.get(number)?.(asked)
    this.#waiting.delete(number)
  }

  /** Ends all questions that wait: the engine is down. */
  settleAll(): void {
    for (const number of [...this.#waiting.keys()]) this.settle(number, 'down')
  }
}
