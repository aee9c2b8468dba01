import {
  CtapError,
  DeadlineError,
  HybridError,
  TunnelError,
  UnsupportedError,
  UsageError,
} from '../errors.js'
import { WebAuthnError } from '../webauthn/webauthn-error.js'
import { interruptionIn } from './interruption.js'
import type { Interruption } from './interruption.js'

/** 1: the ceremony failed. 2: the command line cannot be followed. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** A mistake in the command line itself; ends with exit code 2. */
export class CommandLineError extends Error {
  override readonly cause: HybridError

  constructor(cause: HybridError) {
    super(cause.message)
    this.cause = cause
  }
}

/** A command has already told its outcome; only the exit status is left to give. */
export class ToldEnd extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit status ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** A wrong value on the command line. */
export function badUsage(message: string, options?: ErrorOptions): CommandLineError {
  return new CommandLineError(new UsageError('argument-invalid', message, options))
}

/** Runs a check of a value on the command line. @throws CommandLineError for an error of the check; an UnsupportedError stays one. */
export function checkUsage<Value>(check: () => Value): Value {
  try {
    return check()
  } catch (error) {
    const isUsage = error instanceof HybridError && !(error instanceof UnsupportedError)
    throw isUsage ? new CommandLineError(error) : error
  }
}

/** The last line of a failed run. */
interface ErrorEvent {
  readonly event: 'error'
  readonly code: string
  /** The name that a browser would give to the error. */
  readonly name?: string
  readonly message: string
  readonly fault: string
  readonly cure: string
  /** What the error’s causes say. */
  readonly cause?: string
  readonly stage?: string
  /** HTTP or CTAP2 status. */
  readonly status?: number
  readonly statusName?: string
  readonly closeCode?: number
}

/** A failure, as the user of the command gets it. */
export interface Failure {
  readonly event: ErrorEvent
  readonly exitCode: number
  /** For bugs only. */
  readonly stack?: string
}

/** Turns a thrown value into an event and an exit code. */
export function toFailure(error: unknown): Failure {
  const failure = failureOf(error)
  const interruption = interruptionIn(error)
  return interruption === undefined ? failure : interrupted(failure, interruption)
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommandLineError) return { event: eventOf(error.cause), exitCode: EXIT.usage }
  if (error instanceof WebAuthnError) {
    return { event: { ...eventOf(error.cause), name: error.name }, exitCode: EXIT.failed }
  }
  if (error instanceof HybridError) return { event: eventOf(error), exitCode: EXIT.failed }
  return internal(error)
}

/** Only the signal is reported: the library’s message would speak of a program that gave up. */
function interrupted({ event }: Failure, { message, exitCode }: Interruption): Failure {
  const { code, name, fault } = event
  const cure = 'Run the command again to start over.'
  return {
    event: { event: 'error', code, ...(name !== undefined && { name }), message, fault, cure },
    exitCode,
  }
}

function eventOf(error: HybridError): ErrorEvent {
  const { code, message, fault, cure } = error
  const cause = causesOf(error)
  return {
    event: 'error',
    code,
    message,
    fault,
    cure,
    ...(cause.length > 0 && { cause: cause.join(': ') }),
    ...detailsOf(error),
  }
}

/** The members of an error that does not end the command. */
export function errorMembers({
  code,
  message,
  fault,
  cure,
}: HybridError): Pick<ErrorEvent, 'code' | 'message' | 'fault' | 'cure'> {
  return { code, message, fault, cure }
}

function detailsOf(error: HybridError): Partial<ErrorEvent> {
  if (error instanceof DeadlineError) return { stage: error.stage }
  if (error instanceof CtapError) return { status: error.status, statusName: error.statusName }
  if (!(error instanceof TunnelError)) return {}
  const { stage, status, closeCode } = error
  return {
    ...(stage !== undefined && { stage }),
    ...(status !== undefined && { status }),
    ...(closeCode !== undefined && { closeCode }),
  }
}

function causesOf({ cause }: Error): readonly string[] {
  if (!(cause instanceof Error)) return []
  return [cause.message, ...causesOf(cause)].filter(message => message !== '')
}

function internal(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const cure = 'Report this with the stack: it is a bug.'
  return {
    event: { event: 'error', code: 'internal', message, fault: 'local', cure },
    exitCode: EXIT.failed,
    ...(error instanceof Error && error.stack !== undefined && { stack: error.stack }),
  }
}
