import { portFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type {
  ContactDirectory,
  DirectoryAnswer,
  DirectoryListener,
  DirectoryMembership,
  HolderAnswer,
} from '../ports/contact-directory.js'
import type { HybridError } from '../errors.js'
import type { CallNumber, RelayInput, RelayOutput } from './relay-io.js'

/** The state of the directory, and the results of the questions to it. */
export type DirectoryEvent =
  /** Phones of other instances can be reached, from the start or again. */
  | { readonly type: 'directory-up' }
  /**
   * Phones of other instances cannot be reached. The directory is tried again and again. Tunnels of QR codes, and
   * phones of this instance, are served.
   */
  | { readonly type: 'directory-down'; readonly error: HybridError }
  /** Something is missing that the directory can do without. */
  | { readonly type: 'directory-warning'; readonly error: HybridError }
  /** The directory was asked for a phone. */
  | { readonly type: 'directory-asked'; readonly answer: DirectoryAnswer; readonly durationMs: number }

/** The outputs of a relay that are for the directory. */
export type DirectoryOutput = Extract<RelayOutput, { type: 'ask-directory' | 'reply' | 'lines' }>

export interface SeatOptions {
  readonly directory: ContactDirectory
  readonly clock: Clock
  readonly report: (event: DirectoryEvent) => void
  /** Feeds the relay. */
  readonly step: (input: RelayInput) => void
}

/** The place of one instance in a directory: carries its relay’s outputs there, and inputs back. */
export class DirectorySeat {
  readonly #options: SeatOptions
  readonly #replies = new Map<CallNumber, (answer: HolderAnswer) => void>()
  #membership: DirectoryMembership | undefined
  #lastCall: CallNumber = 0

  constructor(options: SeatOptions) {
    this.#options = options
  }

  /** @throws HybridError of the directory, such as UnsupportedError `package-missing`. */
  async join(): Promise<void> {
    const { directory, step } = this.#options
    // Down until it says otherwise.
    step({ type: 'directory', state: 'down' })
    try {
      this.#membership = await directory.join(this.#listener())
    } catch (cause) {
      throw portFailed('join of the directory', cause)
    }
  }

  perform(output: DirectoryOutput): void {
    switch (output.type) {
      case 'ask-directory':
        void this.#ask(output)
        return
      case 'reply':
        this.#reply(output.call, output.answer)
        return
      case 'lines':
        this.#tell(output)
    }
  }

  /** The lines of this instance are about to be closed. */
  moving(): void {
    this.#membership?.moving()
  }

  async leave(): Promise<void> {
    for (const call of this.#replies.keys()) this.#reply(call, 'silent')
    await this.#membership?.leave()
  }

  #listener(): DirectoryListener {
    const { report, step } = this.#options
    return {
      up: () => {
        report({ type: 'directory-up' })
        step({ type: 'directory', state: 'up' })
      },
      down: error => {
        report({ type: 'directory-down', error })
        step({ type: 'directory', state: 'down' })
      },
      unsettled: () => {
        step({ type: 'directory', state: 'unsettled' })
      },
      called: (contact, request) =>
        new Promise(resolve => {
          const call = ++this.#lastCall
          this.#replies.set(call, resolve)
          step({ type: 'called', call, contact, ...request })
        }),
      superseded: contact => {
        step({ type: 'superseded', contact })
      },
      revoked: contacts => {
        step({ type: 'revoked', contacts })
      },
      warned: error => {
        report({ type: 'directory-warning', error })
      },
    }
  }

  async #ask({ leg, contact, call }: Extract<RelayOutput, { type: 'ask-directory' }>): Promise<void> {
    const { clock, report, step } = this.#options
    const begun = clock.now()
    const answer = await this.#answerTo(contact, call)
    report({ type: 'directory-asked', answer, durationMs: clock.now() - begun })
    step({ type: 'told', leg, answer })
  }

  async #answerTo(...asked: Parameters<DirectoryMembership['call']>): Promise<DirectoryAnswer> {
    try {
      return (await this.#membership?.call(...asked)) ?? 'down'
    } catch (cause) {
      this.#options.report({ type: 'directory-warning', error: portFailed('call of the directory', cause) })
      return 'down'
    }
  }

  #reply(call: CallNumber, answer: HolderAnswer): void {
    this.#replies.get(call)?.(answer)
    this.#replies.delete(call)
  }

  #tell({ change, contacts }: Extract<RelayOutput, { type: 'lines' }>): void {
    if (change === 'revoked') this.#membership?.revoked(contacts)
    else for (const contact of contacts) this.#membership?.[change](contact)
  }
}
