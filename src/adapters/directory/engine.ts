import type { ContactTag } from '../../bytes/contact-tag.js'
import type { HybridError } from '../../errors.js'

/** The result of a question: an answer; `nobody` is subscribed; `silent`, no answer in time; or the engine is `down`. */
export type Asked = Uint8Array | 'nobody' | 'silent' | 'down'

/** What a directory needs of an engine: messages between its members, by topic, and a list that outlives them all. */
export interface Engine {
  /** Subscriptions outlive a lost connection, and are there again before `up`. */
  subscribe(topic: string): void
  unsubscribe(topic: string): void
  /** While the engine is down it does nothing. */
  publish(topic: string, bytes: Uint8Array): void
  /** The first answer counts. Does not reject. */
  ask(topic: string, bytes: Uint8Array, limitMs: number): Promise<Asked>
  /** Puts revoked contacts on the list. @returns false where that failed and is to be tried again. */
  keep(contacts: readonly ContactTag[]): Promise<boolean>
  close(): Promise<void>
}

/** What the engine says; nothing of it is to be trusted. */
export interface EngineListener {
  up(): void
  down(error: HybridError): void
  /** @param answer says something to a member that asks. */
  message(topic: string, bytes: Uint8Array, answer: (bytes: Uint8Array) => void): void
  /** What is on the list: all of it after each `up`, and what is added. */
  kept(contacts: readonly string[]): void
  /** A warning is ignored if one with its code has come since the engine last came or went. */
  warned(error: HybridError): void
  /** Something came that no member sends. */
  misheard(): void
}

/** @param member the name of this member on the engine. @throws UnsupportedError `package-missing`. */
export type OpenEngine = (member: string, listener: EngineListener) => Promise<Engine>
