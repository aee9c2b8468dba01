import type { ContactTag } from '../../bytes/contact-tag.js'
import { contactTag } from '../../bytes/contact-tag.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import type { HybridError } from '../../errors.js'
import type {
  DirectoryAnswer,
  DirectoryListener,
  DirectoryMembership,
} from '../../ports/contact-directory.js'
import type { LinkedCall } from '../../ports/contact-line.js'
import { misheard } from './engine-errors.js'
import type { Asked, Engine, EngineListener, OpenEngine } from './engine.js'
import {
  decodeAnswer,
  decodeMemberFrame,
  encodeAge,
  encodeAnswer,
  encodeMemberFrame,
  PONG_FRAME,
} from './frames.js'
import type { MemberFrame } from './frames.js'
import { HeldLines } from './held-lines.js'
import { ALL_MEMBERS, memberTopic, OtherMembers } from './others.js'
import { REVOKED, Revocations } from './revocations.js'
import { RivalLines } from './rival-lines.js'

const CALL_LIMIT_MS = 2000
const SEND_AGAIN_MS = 1000
/** How many calls may wait for their phones at a time. It bounds the memory that strangers can take. */
const MAX_CALLED = 4096

const LINE = 'line.'
const lineTopic = (contact: ContactTag): string => `${LINE}${contact}`

type Answer = (bytes: Uint8Array) => void

/** @param name on the engine: 22 characters of base64url that no other member has. */
export async function joinEngine(
  open: OpenEngine,
  name: string,
  listener: DirectoryListener,
): Promise<DirectoryMembership> {
  const member = new DirectoryMember(name, listener)
  await member.open(open)
  return member
}

/** One member of a directory, over any engine that carries messages. */
class DirectoryMember implements DirectoryMembership, EngineListener {
  readonly #name: string
  readonly #listener: DirectoryListener
  readonly #lines: HeldLines
  readonly #rivals: RivalLines
  readonly #others = new OtherMembers()
  readonly #revocations: Revocations
  /** Codes of the warnings since the engine last came or went. Each is given once, because strangers could cause any number. */
  readonly #warnedOf = new Set<string>()
  #engine: Engine | undefined
  #called = 0
  #isUp = false
  #hasLeft = false
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(name: string, listener: DirectoryListener) {
    this.#name = name
    this.#listener = listener
    this.#lines = new HeldLines(name)
    this.#rivals = new RivalLines(this.#lines, {
      ask: (member, contact) => this.#askAge(member, contact),
      yieldLine: contact => this.#tell(to => to.superseded(contact)),
      insist: contact => this.#insist(contact),
    })
    this.#revocations = new Revocations()
  }

  async open(open: OpenEngine): Promise<void> {
    const engine = await open(this.#name, this)
    this.#engine = engine
    for (const topic of [ALL_MEMBERS, REVOKED, memberTopic(this.#name)]) engine.subscribe(topic)
    if (this.#isUp) this.#greet()
  }

  held(contact: ContactTag): void {
    this.#engine?.subscribe(lineTopic(contact))
    this.#publish(lineTopic(contact), { type: 'held', ...this.#lines.add(contact) })
  }

  dropped(contact: ContactTag): void {
    this.#lines.remove(contact)
    this.#engine?.unsubscribe(lineTopic(contact))
  }

  revoked(contacts: readonly ContactTag[]): void {
    this.#revocations.add(contacts)
    this.#flush()
  }

  moving(): void {
    this.#publish(ALL_MEMBERS, { type: 'moving', member: this.#name })
  }

  async call(contact: ContactTag, call: LinkedCall): Promise<DirectoryAnswer> {
    const engine = this.#engine
    if (engine === undefined || !this.#isUp) return 'down'
    const asked = await engine.ask(
      lineTopic(contact),
      encodeMemberFrame({ type: 'call', ...call }),
      CALL_LIMIT_MS,
    )
    if (asked === 'silent' || asked === 'down') return asked
    if (asked !== 'nobody') return this.#understood(asked)
    if (await this.#others.lookAfter(engine)) this.#tell(listener => listener.unsettled())
    return 'unknown'
  }

  #understood(answer: Uint8Array): DirectoryAnswer {
    const said = decodedOrUndefined(() => decodeAnswer(answer))
    if (said === undefined) this.misheard()
    return said ?? 'silent'
  }

  async leave(): Promise<void> {
    if (this.#hasLeft) return
    this.#publish(ALL_MEMBERS, { type: 'bye', member: this.#name })
    this.#hasLeft = true
    clearTimeout(this.#again)
    await this.#engine?.close()
  }

  up(): void {
    this.#isUp = true
    this.#warnedOf.clear()
    this.#tell(listener => listener.up())
    this.#greet()
  }

  down(error: HybridError): void {
    this.#isUp = false
    this.#warnedOf.clear()
    this.#tell(listener => listener.down(error))
  }

  warned(error: HybridError): void {
    if (!this.#warnedOf.has(error.code)) this.#tell(listener => listener.warned(error))
    this.#warnedOf.add(error.code)
  }

  misheard(): void {
    this.warned(misheard())
  }

  kept(contacts: readonly string[]): void {
    const tags = contacts.flatMap(text => decodedOrUndefined(() => contactTag(text)) ?? [])
    if (tags.length < contacts.length) this.misheard()
    if (tags.length > 0) this.#tell(listener => listener.revoked(tags))
  }

  message(topic: string, bytes: Uint8Array, answer: Answer): void {
    const frame = decodedOrUndefined(() => decodeMemberFrame(bytes))
    if (frame === undefined) {
      this.misheard()
      return
    }
    const contact = topic.startsWith(LINE)
      ? decodedOrUndefined(() => contactTag(topic.slice(LINE.length)))
      : undefined
    if (contact === undefined) this.#hear(frame, answer)
    else if (frame.type === 'call') void this.#ring(contact, frame, answer)
    else if (frame.type === 'held' || frame.type === 'holds') this.#rivals.hear(contact, frame)
  }

  /** Says that it is there, and which lines: others may have taken them over meanwhile. */
  #greet(): void {
    this.#publish(ALL_MEMBERS, { type: 'hello', member: this.#name })
    for (const contact of this.#lines.all()) this.#insist(contact)
    this.#flush()
  }

  #hear(frame: MemberFrame, answer: Answer): void {
    switch (frame.type) {
      case 'ping':
        answer(PONG_FRAME)
        return
      case 'age':
        this.#tellAge(frame.contact, answer)
        return
      case 'revoked':
        this.#tell(listener => listener.revoked(frame.contacts))
        return
      case 'hello':
      case 'here':
      case 'bye':
      case 'moving':
        if (frame.member !== this.#name) this.#meet(frame.type, frame.member)
        return
      // Of a line, which has a topic of its own.
      case 'call':
      case 'held':
      case 'holds':
    }
  }

  #meet(type: 'hello' | 'here' | 'bye' | 'moving', member: string): void {
    if (type === 'bye') this.#others.remove(member)
    else this.#others.add(member)
    if (type === 'hello') this.#publish(memberTopic(member), { type: 'here', member: this.#name })
    if (type !== 'here') this.#tell(listener => listener.unsettled())
  }

  async #ring(contact: ContactTag, { routingId, tunnelId, clientPayload }: LinkedCall, answer: Answer) {
    if (this.#called >= MAX_CALLED || !this.#lines.has(contact)) return
    this.#called += 1
    try {
      const said = await this.#listener.called(contact, { routingId, tunnelId, clientPayload })
      if (said !== 'silent') answer(encodeAnswer(said))
    } finally {
      this.#called -= 1
    }
  }

  async #askAge(member: string, contact: ContactTag): Promise<Asked> {
    const question = encodeMemberFrame({ type: 'age', contact })
    return (await this.#engine?.ask(memberTopic(member), question, CALL_LIMIT_MS)) ?? 'down'
  }

  #insist(contact: ContactTag): void {
    const age = this.#lines.of(contact)
    if (age !== undefined) this.#publish(lineTopic(contact), { type: 'holds', ...age })
  }

  #tellAge(contact: ContactTag, answer: Answer): void {
    const age = this.#lines.ageOf(contact)
    if (age !== undefined) answer(encodeAge(age))
  }

  #flush(): void {
    if (this.#engine !== undefined && this.#isUp && !this.#hasLeft) void this.#send(this.#engine)
  }

  /** An answer may be lost with a connection that is back already: the engine is told again. */
  async #send(engine: Engine): Promise<void> {
    if ((await this.#revocations.send(engine)) || this.#hasLeft) return
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#flush(), SEND_AGAIN_MS)
  }

  #publish(topic: string, frame: MemberFrame): void {
    if (this.#isUp && !this.#hasLeft) this.#engine?.publish(topic, encodeMemberFrame(frame))
  }

  #tell(say: (listener: DirectoryListener) => void): void {
    if (!this.#hasLeft) say(this.#listener)
  }
}
