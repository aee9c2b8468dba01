import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { takeNotes } from '../../support/probe.js'
import type { Notes } from '../../support/probe.js'
import { inOwnNetwork } from './own-network.js'
import type { CommandLine } from './own-network.js'

/** How the phone is met; the words of `src/asked.rs`. */
export type By = 'code' | 'code-to-remember' | 'code-with-l2cap' | 'link'

/** A registration or sign-in. */
export interface Wanted {
  readonly operation: 'register' | 'sign-in'
  readonly by: By
  readonly origin: string
  /** WebAuthn JSON. */
  readonly options: object
}

/** How a ceremony ended; the words of `src/told.rs`. */
export type End =
  | { readonly event: 'done'; readonly responses: readonly unknown[] }
  | { readonly event: 'failed'; readonly error: string }
  | { readonly event: 'cancelled' }

type Told =
  | End
  | { readonly event: 'qr'; readonly url: string }
  | { readonly event: 'known'; readonly names: readonly string[] }

interface Step {
  readonly event: 'step'
  readonly step: string
}

/** What surrounds a laptop in a network of its own. */
interface LaptopSettings {
  readonly program: string
  /** D-Bus address of its Bluetooth. */
  readonly bus: string
  /** The socket behind its port 443. */
  readonly socket: string
  /** Files with the certificate that it trusts, and with the names that it knows. */
  readonly ca: string
  readonly hosts: string
}

/** The program of `src/main.rs`, running. */
export class Laptop {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #told: Notes<Told> = takeNotes<Told>()
  readonly #ended: Promise<unknown>
  #steps: string[] = []

  /** @param env beside this process’s own; without `TUNNEL_SOCKET` it has no way to a tunnel service. */
  constructor([command, ...args]: CommandLine, env: NodeJS.ProcessEnv = {}) {
    const options = { env: { ...process.env, ...env } }
    this.#child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#ended = once(this.#child, 'close')
    const lines = createInterface({ input: this.#child.stdout })
    lines.on('line', line => this.#hear(JSON.parse(line) as Told | Step))
    lines.on('close', () => this.#told.note({ event: 'failed', error: 'the program has ended' }))
  }

  static inOwnNetwork({ program, bus, socket, ca, hosts }: LaptopSettings): Laptop {
    const env = { DBUS_SYSTEM_BUS_ADDRESS: bus, SSL_CERT_FILE: ca, TUNNEL_SOCKET: socket }
    return new Laptop(inOwnNetwork(hosts, program), env)
  }

  /** Steps of the last ceremony so far, in libwebauthn’s words. */
  get steps(): readonly string[] {
    return this.#steps
  }

  /** Begins a ceremony. @returns the code’s text; empty when a phone is called by its link. */
  async begin(wanted: Wanted): Promise<string> {
    this.#steps = []
    this.#ask({ ask: 'ceremony', ...wanted })
    if (wanted.by === 'link') return ''
    const told = await this.#told.next()
    if (told.event === 'qr') return told.url
    throw new Error(`no code, but ${JSON.stringify(told)}`)
  }

  /** How the ceremony ended. */
  async end(): Promise<End> {
    const told = await this.#told.next()
    if (told.event === 'qr' || told.event === 'known') throw new Error(`not an end: ${JSON.stringify(told)}`)
    return told
  }

  /** Drops the ceremony. */
  cancel(): void {
    this.#ask({ ask: 'cancel' })
  }

  /** The names of the phones that it remembers. */
  async known(): Promise<readonly string[]> {
    this.#ask({ ask: 'known' })
    const told = await this.#told.next()
    if (told.event === 'known') return told.names
    throw new Error(`not names: ${JSON.stringify(told)}`)
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  #hear(told: Told | Step): void {
    if (told.event === 'step') this.#steps.push(told.step)
    else this.#told.note(told)
  }

  #ask(line: object): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`)
  }
}
