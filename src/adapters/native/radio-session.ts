import type { HybridError } from '../../errors.js'
import type { Clock } from '../../ports/clock.js'
import { lateError, moduleError, stateError } from './failure.js'
import type { RadioRole, RadioStage } from './failure.js'
import type { ModuleFailure, ModuleOrigin, OpenModule, RadioModule } from './radio-module.js'

/** How to use a module. */
export interface RadioPlan<Module extends RadioModule> {
  readonly role: RadioRole
  readonly origin: ModuleOrigin<Module>
  readonly clock: Clock
  /** From opening to being on the air, ms. */
  readonly startTimeoutMs: number
  /** How long the adapter may be away while the module runs, ms. */
  readonly maxInterruptionMs: number
  /** Ends the use of a module whose adapter is on; need not settle. */
  release(module: Module): Promise<void>
}

/** Called synchronously; nothing comes after `failed`. */
export interface SessionListener<Module> {
  /** Once, before the adapter is on: the moment to listen to events. */
  loaded(module: Module): void
  /** The adapter is on, for the first time or again. */
  poweredOn(module: Module): void
  /** The adapter is away for the moment. When it is back, it has to be told again what to do. */
  interrupted(error: HybridError): void
  failed(error: HybridError): void
}

/** Modules may say `poweredOff` first and then what is the matter, or that all is well; a machine may be waking up. */
const OFF_AT_START_MS = 1500
/** States of an adapter that may be back in a moment. */
const PASSING: readonly string[] = ['poweredOff', 'resetting', 'unknown']
/** A module that does not answer any more is left to itself. */
const RELEASE_LIMIT_MS = 1000

/** One use of a module, from opening it to letting go of it. */
export class RadioSession<Module extends RadioModule> {
  readonly #plan: RadioPlan<Module>
  readonly #listener: SessionListener<Module>
  readonly #open: OpenModule
  readonly #undo: (() => void)[] = []
  readonly #cancelLimit: () => void
  /** Why the adapter is away, and the end of waiting for it. */
  #absence: { error: HybridError; readonly cancel: () => void } | undefined
  #module: Module | undefined
  #on = false
  #stage: RadioStage = 'starting'
  #closed: Promise<void> | undefined

  constructor(plan: RadioPlan<Module>, listener: SessionListener<Module>) {
    this.#plan = plan
    this.#listener = listener
    this.#cancelLimit = this.#after(plan.startTimeoutMs, () => {
      this.fail(lateError(plan.role, plan.startTimeoutMs, this.#progress()))
    })
    this.#open = plan.origin.open({
      loaded: module => {
        this.#start(module)
      },
      failed: failure => {
        this.#break(failure)
      },
    })
  }

  /** Hears an event of the module until the session closes. */
  listen(event: string, listener: (value: unknown) => void): void {
    const module = this.#module
    if (module === undefined) return
    module.on(event, listener)
    this.#undo.push(() => module.removeListener(event, listener))
  }

  get isOn(): boolean {
    return this.#on
  }

  /** The module does what it was opened for, or does it again: nothing is waited for any more. */
  running(): void {
    this.#stage = 'running'
    this.#cancelLimit()
    this.#endAbsence()
  }

  fail(error: HybridError): void {
    if (this.#closed !== undefined) return
    void this.close()
    this.#listener.failed(error)
  }

  /** Lets go of the module; the listener hears nothing more. Never rejects. */
  close(): Promise<void> {
    return (this.#closed ??= this.#end())
  }

  #start(module: Module): void {
    this.#module = module
    try {
      // Reading the state starts noble, where a throw can be caught; subscribing starts bleno, whose first event may
      // come before there is a listener. So the state counts as it is afterwards.
      Reflect.get(module, 'state')
      this.#listener.loaded(module)
      this.listen('stateChange', state => {
        this.#consider(String(state))
      })
      this.#consider(module.state ?? 'unknown')
    } catch (cause) {
      this.#break({ stage: 'init', packages: [this.#plan.role.what], cause: asError(cause) })
    }
  }

  #consider(state: string): void {
    if (this.#closed !== undefined) return
    const error = stateError(this.#plan.role, this.#stage, state)
    if (error === undefined) this.#progressTo(state)
    else if (PASSING.includes(state)) this.#await(error)
    else this.fail(error)
  }

  #progressTo(state: string): void {
    if (state !== 'poweredOn' || this.#on || this.#module === undefined) return
    this.#on = true
    if (this.#stage === 'starting') this.#endAbsence()
    this.#listener.poweredOn(this.#module)
  }

  /** The adapter may be back in time; the last thing that it said of itself counts. */
  #await(error: HybridError): void {
    this.#on = false
    if (this.#absence !== undefined) {
      this.#absence.error = error
      return
    }
    const limitMs = this.#stage === 'starting' ? OFF_AT_START_MS : this.#plan.maxInterruptionMs
    if (limitMs === 0) {
      this.fail(error)
      return
    }
    const cancel = this.#after(limitMs, () => this.fail(this.#absence?.error ?? error))
    this.#absence = { error, cancel }
    if (this.#stage === 'running') this.#listener.interrupted(error)
  }

  #endAbsence(): void {
    this.#absence?.cancel()
    this.#absence = undefined
  }

  #progress(): 'loading' | 'silent' | 'poweredOn' {
    if (this.#module === undefined) return 'loading'
    return this.#on ? 'poweredOn' : 'silent'
  }

  #break(failure: ModuleFailure): void {
    this.fail(moduleError(this.#plan.role, this.#stage, failure))
  }

  async #end(): Promise<void> {
    this.#cancelLimit()
    this.#endAbsence()
    for (const undo of this.#undo.splice(0)) undo()
    if (this.#on && this.#module?.state === 'poweredOn') await this.#release(this.#module)
    await this.#open.close()
  }

  async #release(module: Module): Promise<void> {
    let cancel: () => void = () => undefined
    const limit = new Promise<void>(resolve => {
      cancel = this.#after(RELEASE_LIMIT_MS, resolve)
    })
    await Promise.race([this.#plan.release(module), limit])
    cancel()
  }

  #after(ms: number, alarm: () => void): () => void {
    return this.#plan.clock.setAlarm(this.#plan.clock.now() + ms, alarm)
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}
