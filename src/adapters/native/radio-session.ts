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
  /** Ends the use of a module whose adapter is on; need not settle. */
  release(module: Module): Promise<void>
}

/** Called synchronously; nothing comes after `failed`. */
export interface SessionListener<Module> {
  /** Once: the adapter is on. */
  poweredOn(module: Module): void
  failed(error: HybridError): void
}

/** Modules may say `poweredOff` first and then what is the matter, or that all is well. */
const OFF_GRACE_MS = 300
/** A module that does not answer any more is left to itself. */
const RELEASE_LIMIT_MS = 1000

/** One use of a module, from opening it to letting go of it. */
export class RadioSession<Module extends RadioModule> {
  readonly #plan: RadioPlan<Module>
  readonly #listener: SessionListener<Module>
  readonly #open: OpenModule
  readonly #undo: (() => void)[] = []
  readonly #cancelLimit: () => void
  #cancelGrace: (() => void) | undefined
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

  /** The module does what it was opened for: the start limit is over. */
  running(): void {
    this.#stage = 'running'
    this.#cancelLimit()
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
    this.#cancelGrace?.()
    const error = stateError(this.#plan.role, this.#stage, state)
    if (error === undefined) this.#progressTo(state)
    else if (state === 'poweredOff' && !this.#on)
      this.#cancelGrace = this.#after(OFF_GRACE_MS, () => {
        this.fail(error)
      })
    else this.fail(error)
  }

  #progressTo(state: string): void {
    if (state !== 'poweredOn' || this.#on || this.#module === undefined) return
    this.#on = true
    this.#listener.poweredOn(this.#module)
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
    this.#cancelGrace?.()
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
