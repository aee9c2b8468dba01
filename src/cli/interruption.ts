import { constants } from 'node:os'

const SAID = {
  SIGINT: 'ended by Ctrl-C',
  SIGTERM: 'ended by SIGTERM',
  SIGHUP: 'ended by SIGHUP: the terminal was closed',
} as const

/** A signal that asks the command to end. */
export type EndingSignal = keyof typeof SAID

/** The reason of the abort when a signal ended the command. */
export class Interruption extends Error {
  readonly signal: EndingSignal

  constructor(signal: EndingSignal) {
    super(SAID[signal])
    this.signal = signal
  }

  /** What a shell reports for a program that this signal ended: 128 and its number. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal]
  }
}

/** The interruption among the causes of an error. */
export function interruptionIn(error: unknown): Interruption | undefined {
  if (error instanceof Interruption) return error
  return error instanceof Error ? interruptionIn(error.cause) : undefined
}
