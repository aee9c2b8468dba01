import { HybridError, UsageError } from '../errors.js'

/** The error for a function that the caller of this library gave, and that threw. @param name as the caller knows it. */
export function callbackFailed(name: string, cause: unknown): UsageError {
  return new UsageError('callback-failed', `${name} threw`, { cause })
}

/**
 * Calls a function that the caller gave, and waits for what it returns.
 * @throws UsageError `callback-failed` for anything that it throws. A HybridError is wrapped as well: it would look
 * like a failure of this ceremony.
 */
export async function calling<Result>(name: string, call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    throw callbackFailed(name, cause)
  }
}

/** Calls a function of a port. @throws HybridError: the port’s own, or `callback-failed` for anything else that it throws. */
export function callingPort<Result>(name: string, call: () => Result): Result {
  try {
    return call()
  } catch (cause) {
    throw portFailed(name, cause)
  }
}

/** Calls a function of a port, and waits for what it returns. @throws HybridError as `callingPort` does. */
export async function awaitingPort<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    throw portFailed(name, cause)
  }
}

/** Calls a function that is only a help: what it throws does not matter. */
export function attempt(help: () => void): void {
  try {
    help()
  } catch {
    // The ceremony goes on without it.
  }
}

/** The error of a port that threw: its own where it is one of this library, such as that of a locked store. */
export function portFailed(name: string, cause: unknown): HybridError {
  return cause instanceof HybridError ? cause : callbackFailed(name, cause)
}
