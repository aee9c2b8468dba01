import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { realpathSync } from 'node:fs'
import type { Clock } from '../../ports/clock.js'
import { readHostMessage } from './host-message.js'
import type { HostMessage } from './host-message.js'
import { HOST_PROGRAM } from './host-program.js'
import type { Done, ModuleListener, OpenModule, RadioModule } from './radio-module.js'

/** What to host. */
export interface HostPlan {
  /** Packages to try, the first that is installed and works. */
  readonly packages: readonly string[]
  /** Packages that are refused by name when only they are installed. */
  readonly unfit: readonly string[]
  /** Events to pass on. */
  readonly events: readonly string[]
  /** A path or file URL beside which packages are looked for first. */
  readonly packagesFrom: string | undefined
  readonly clock: Clock
}

/** How long a child may take to end by itself. */
const EXIT_LIMIT_MS = 1000
/** Of what a child writes to stderr, the end is kept as a cause. */
const MAX_COMPLAINT_CHARACTERS = 2000

/** A native module in a child process of its own, which ends with it: a module that looks the same from here. */
export class ModuleHost<Module extends RadioModule> extends EventEmitter implements OpenModule {
  state = 'unknown'
  readonly #clock: Clock
  readonly #packages: readonly string[]
  readonly #listener: ModuleListener<Module>
  readonly #face: (host: ModuleHost<Module>) => Module
  readonly #child: ChildProcess
  readonly #answers = new Map<number, Done>()
  #calls = 0
  #complaint = ''
  #gone = false
  #closed: Promise<void> | undefined

  /** @param face gives the module’s own methods to a host, in terms of `call`. */
  constructor(plan: HostPlan, listener: ModuleListener<Module>, face: (host: ModuleHost<Module>) => Module) {
    super()
    this.#clock = plan.clock
    this.#packages = plan.packages
    this.#listener = listener
    this.#face = face
    this.#child = startChild(plan)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT_CHARACTERS)
    })
    this.#child.on('message', (value: unknown) => {
      const message = readHostMessage(value)
      if (message !== undefined) this.#hear(message)
    })
    this.#child.on('error', cause => {
      this.#lose(cause)
    })
    this.#child.on('close', code => {
      this.#lose(new Error(`the process ended with ${String(code)}: ${this.#complaint.trim()}`))
    })
  }

  /** Calls a method of the module; `done` is its callback. */
  call(method: string, args: readonly unknown[], done?: Done): void {
    if (done === undefined) {
      this.#send({ method, args })
      return
    }
    const id = this.#calls++
    this.#answers.set(id, done)
    this.#send({ method, args, id })
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#end())
  }

  async #end(): Promise<void> {
    if (this.#gone || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    // Not `close`, which never comes once we have let go of the channel.
    const ended = once(this.#child, 'exit')
    if (this.#child.connected) this.#child.disconnect()
    const cancel = this.#clock.setAlarm(this.#clock.now() + EXIT_LIMIT_MS, () => {
      this.#child.kill('SIGKILL')
    })
    await ended
    cancel()
  }

  #send(message: object): void {
    // A child that is gone has said so, or is about to.
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  #hear(message: HostMessage): void {
    if (message.type === 'answer') this.#answer(message.id, message.error)
    else if (this.#closed !== undefined) return
    else if (message.type === 'loaded') this.#listener.loaded(this.#face(this))
    else if (message.type === 'failed') this.#listener.failed(message)
    else this.#pass(message.event, message.args)
  }

  #answer(id: number, error: Error | undefined): void {
    const done = this.#answers.get(id)
    this.#answers.delete(id)
    done?.(error)
  }

  #pass(event: string, args: readonly unknown[]): void {
    if (event === 'stateChange') this.state = String(args[0])
    this.emit(event, ...args)
  }

  #lose(cause: Error): void {
    this.#gone = true
    if (this.#closed === undefined) this.#listener.failed({ stage: 'crash', packages: this.#packages, cause })
  }
}

function startChild({ packages, unfit, events, packagesFrom }: HostPlan): ChildProcess {
  const plan = JSON.stringify([placesOf(packagesFrom), packages, unfit, events])
  return spawn(process.execPath, ['--eval', HOST_PROGRAM, plan], {
    // Else noble reports a connectable advert only when it hears it again; Electron has to play Node.
    env: { ...process.env, NOBLE_REPORT_ALL_HCI_EVENTS: '1', ELECTRON_RUN_AS_NODE: '1' },
    // The modules write warnings to stdout, where a program may have its JSON Lines.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // Out of the terminal’s process group: Ctrl-C is for the parent, which then takes the advert off the air.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
}

/**
 * Where packages may be installed: beside this library, which a bundler has moved into the program, beside the program, and in the
 * working folder. A bundle as CommonJS has no `import.meta.url`, and that of some bundlers is of another machine.
 */
function placesOf(packagesFrom: string | undefined): (string | undefined)[] {
  const program = process.argv[1]
  const places = [packagesFrom, import.meta.url, program !== undefined && realPath(program)]
  return [...places, `${process.cwd()}/`].filter(place => typeof place === 'string')
}

/** Where a program lies that was started by a link, such as a command. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
