import { setTimeout as delay } from 'node:timers/promises'
import { CONTRACT, VARIABLE } from './contract.js'
import type { Operation } from './contract.js'
import { DrivenCommand } from './driven-command.js'
import type { CommandEnd, CommandWords } from './driven-command.js'
import { Timeline } from './timeline.js'

/** What all cases of a run share. */
export interface SceneSetting {
  /** What is under test; undefined for a service that runs already. */
  readonly command?: CommandWords | undefined
  /** The service that runs already. */
  readonly serviceUrl?: string | undefined
  /** How long a command may take to end where it has to, ms. */
  readonly timeoutMs: number
  /** How long a command is watched that is to do nothing, ms. */
  readonly patienceMs: number
  /** Ends the run. */
  readonly signal: AbortSignal
}

/** Where one case is played. */
export class Scene {
  readonly timeline: Timeline = new Timeline()
  readonly setting: SceneSetting
  readonly #releases: (() => unknown)[] = []

  constructor(setting: SceneSetting) {
    this.setting = setting
  }

  /** Has something released at the end of the case, the newest first. */
  defer(release: () => unknown): void {
    this.#releases.push(release)
  }

  /** Starts the command under test. */
  start(operation: Operation, env: Readonly<Record<string, string | undefined>>): DrivenCommand {
    const { command } = this.setting
    if (command === undefined) throw new TypeError('there is no command to start')
    const contract = { [VARIABLE.contract]: String(CONTRACT), [VARIABLE.operation]: operation }
    const driven = new DrivenCommand(command, { ...contract, ...env }, this.timeline)
    this.defer(() => driven.stop())
    return driven
  }

  /** What a command came to that has to end by itself. */
  async endOf(driven: DrivenCommand): Promise<CommandEnd> {
    await this.wait(this.setting.timeoutMs - this.timeline.elapsedMs, driven.gone)
    return driven.end
  }

  /** Settles after a time, or with the first of some promises, or when the run ends. */
  async wait(ms: number, ...sooner: readonly Promise<unknown>[]): Promise<void> {
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.setting.signal])
    const time = delay(Math.max(0, ms), undefined, { signal }).catch(() => undefined)
    await Promise.race([time, ...sooner])
    over.abort()
  }

  async close(): Promise<void> {
    for (const release of this.#releases.splice(0).reverse()) await release()
  }
}
