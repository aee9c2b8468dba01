import type { Engine } from './engine.js'
import { encodeMemberFrame } from './frames.js'

/** The topic on which members announce themselves. */
export const ALL_MEMBERS = 'members'
export const memberTopic = (member: string): string => `member.${member}`

/** More than a service has. */
const MAX_OTHERS = 256
const PING: Uint8Array = encodeMemberFrame({ type: 'ping' })
const PING_LIMIT_MS = 300

/** The other members. No heartbeat says that they are there: they are asked when somebody misses a line. */
export class OtherMembers {
  readonly #members = new Set<string>()
  #checking: Promise<boolean> | undefined

  /** @returns whether it is new. */
  add(member: string): boolean {
    if (this.#members.has(member) || this.#members.size >= MAX_OTHERS) return false
    this.#members.add(member)
    return true
  }

  /** @returns whether it was known. */
  remove(member: string): boolean {
    return this.#members.delete(member)
  }

  /**
   * Asks all other members whether they are still there. Calls at the same time share one round of questions. @returns
   * whether one is gone.
   */
  lookAfter(engine: Engine): Promise<boolean> {
    this.#checking ??= this.#look(engine).finally(() => {
      this.#checking = undefined
    })
    return this.#checking
  }

  async #look(engine: Engine): Promise<boolean> {
    const answers = await Promise.all(
      Array.from(this.#members, async member => ({
        member,
        asked: await engine.ask(memberTopic(member), PING, PING_LIMIT_MS),
      })),
    )
    const gone = answers.filter(({ asked }) => asked === 'nobody')
    for (const { member } of gone) this.remove(member)
    return gone.length > 0
  }
}
