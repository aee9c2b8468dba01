import { within } from '../../async/within.js'
import { systemRandom } from '../../adapters/system/system.js'
import { encodeBase64url } from '../../bytes/base64url.js'
import { ROUTING_ID_BYTES, routingId, TUNNEL_ID_BYTES, tunnelId } from '../../bytes/brands.js'
import { CONTACT_TAG_LENGTH, contactTag } from '../../bytes/contact-tag.js'
import type { ContactTag } from '../../bytes/contact-tag.js'
import type {
  ContactDirectory,
  DirectoryListener,
  DirectoryMembership,
  HolderAnswer,
} from '../../ports/contact-directory.js'
import type { LinkedCall } from '../../ports/contact-line.js'
import { RadioAssertion } from '../radio/assertion.js'

/** A directory under test. */
export interface DirectoryHarness {
  /** One more instance’s way to the same engine, which is running. */
  readonly makeDirectory: () => ContactDirectory
  /** Kills the engine. */
  readonly stop: () => Promise<void>
  /** Runs it again at the same address. */
  readonly start: () => Promise<void>
  /** Revocations outlive the engine. Default true. */
  readonly keepsRevocations?: boolean | undefined
  /** How long anything expected may take, ms; default 10 000. Reached by failures only. */
  readonly patienceMs?: number | undefined
}

const DEFAULT_PATIENCE_MS = 10_000

/** Members of one case; all leave in the end. */
export class DirectoryBench {
  readonly #harness: DirectoryHarness
  readonly #seats: ProbedSeat[] = []

  constructor(harness: DirectoryHarness) {
    this.#harness = harness
  }

  get patienceMs(): number {
    return this.#harness.patienceMs ?? DEFAULT_PATIENCE_MS
  }

  get keepsRevocations(): boolean {
    return this.#harness.keepsRevocations ?? true
  }

  /** A member that is up. @param answer what it says to calls. */
  async seat(answer: (call: LinkedCall) => HolderAnswer = () => 'ringing'): Promise<ProbedSeat> {
    const probe = new DirectoryProbe(answer, this.patienceMs)
    const membership = await this.#harness.makeDirectory().join(probe)
    const seat = { probe, membership }
    this.#seats.push(seat)
    await probe.until('up')
    return seat
  }

  async clear(): Promise<void> {
    await Promise.all(this.#seats.map(({ membership }) => membership.leave()))
  }

  /** Repeats a call until it is answered so: what one member tells another is on its way for a moment. */
  async callUntil({ membership }: ProbedSeat, contact: ContactTag, answer: string): Promise<void> {
    const end = Date.now() + this.patienceMs
    for (;;) {
      const said = await membership.call(contact, someCall())
      if (said === answer) return
      if (Date.now() > end) throw new RadioAssertion('the answer to a call', answer, said)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
}

/** A member, and what it hears. */
export interface ProbedSeat {
  readonly membership: DirectoryMembership
  readonly probe: DirectoryProbe
}

/** Notes what a member hears as words: `up`, `down`, `superseded TAG`, `revoked TAG`, `called TAG`. */
class DirectoryProbe implements DirectoryListener {
  readonly seen: string[] = []
  readonly calls: LinkedCall[] = []
  readonly #answer: (call: LinkedCall) => HolderAnswer
  readonly #patienceMs: number
  #changed: () => void = () => undefined

  constructor(answer: (call: LinkedCall) => HolderAnswer, patienceMs: number) {
    this.#answer = answer
    this.#patienceMs = patienceMs
  }

  up(): void {
    this.#note('up')
  }

  down(): void {
    this.#note('down')
  }

  unsettled(): void {
    this.#note('unsettled')
  }

  called(contact: ContactTag, call: LinkedCall): Promise<HolderAnswer> {
    this.calls.push(call)
    this.#note(`called ${contact}`)
    return Promise.resolve(this.#answer(call))
  }

  superseded(contact: ContactTag): void {
    this.#note(`superseded ${contact}`)
  }

  revoked(contacts: readonly ContactTag[]): void {
    for (const contact of contacts) this.#note(`revoked ${contact}`)
  }

  warned(): void {
    this.#note('warned')
  }

  /** Forgets what was heard. */
  clear(): void {
    this.seen.length = 0
  }

  /** Waits for a word that was not forgotten. */
  async until(word: string): Promise<void> {
    const heard = (async () => {
      while (!this.seen.includes(word)) await new Promise<void>(resolve => (this.#changed = resolve))
    })()
    await within(this.#patienceMs, heard, () => new RadioAssertion('what a member hears', word, this.seen))
  }

  #note(word: string): void {
    this.seen.push(word)
    this.#changed()
  }
}

/** A contact that no case has used before. */
export function someContact(): ContactTag {
  return contactTag(encodeBase64url(systemRandom.bytes(CONTACT_TAG_LENGTH)).slice(0, CONTACT_TAG_LENGTH))
}

export function someCall(payload: Uint8Array = Uint8Array.of(0xa0)): LinkedCall {
  return {
    routingId: routingId(systemRandom.bytes(ROUTING_ID_BYTES)),
    tunnelId: tunnelId(systemRandom.bytes(TUNNEL_ID_BYTES)),
    clientPayload: payload,
  }
}
