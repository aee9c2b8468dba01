/** What noble and bleno have in common: an event emitter that knows the state of its adapter. */
export interface RadioModule {
  /**
   * Such as `unknown`, `poweredOn`, `poweredOff`, `unauthorized`, `unsupported`; reading it may start the module, and
   * throw. Always there, but not in the types of `@abandonware/noble`.
   */
  readonly state?: string
  on(event: string, listener: (value: unknown) => void): unknown
  removeListener(event: string, listener: (value: unknown) => void): unknown
}

/** Called with what went wrong, or with nothing. */
export type Done = (error?: Error | null) => void

/** Why the module is missing, or broke down. */
export interface ModuleFailure {
  /** Nothing installed; nothing that is of use here; loading threw; starting threw; the module broke down. */
  readonly stage: 'absent' | 'unfit' | 'load' | 'init' | 'crash'
  /** The package, or those that were looked for. */
  readonly packages: readonly string[]
  readonly cause: Error | undefined
}

/** Called synchronously, `loaded` at most once; nothing comes after `failed`. */
export interface ModuleListener<Module> {
  loaded(module: Module): void
  failed(failure: ModuleFailure): void
}

/** A module in use. */
export interface OpenModule {
  /** Settles when nothing of ours is left of it; the listener hears nothing more. Safe to call twice. */
  close(): Promise<void>
}

/** Where a module comes from. */
export interface ModuleOrigin<Module> {
  open(listener: ModuleListener<Module>): OpenModule
}

/** A module that the caller has loaded, owns and lets go of. */
export function givenModule<Module>(module: Module): ModuleOrigin<Module> {
  return {
    open(listener) {
      let wanted = true
      queueMicrotask(() => {
        if (wanted) listener.loaded(module)
      })
      return {
        close() {
          wanted = false
          return Promise.resolve()
        },
      }
    },
  }
}
