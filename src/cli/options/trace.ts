import type { Command } from 'commander'
import type { SessionTrace } from '../../driver/session-trace.js'
import { CommandLineError, ToldEnd } from '../failure.js'
import type { Action, Invocation } from '../invocation.js'

const TRACE_HELP =
  'keep in FILE what happens: times, sizes, statuses; no secrets, no names, so that it can be shown to others. "inspect FILE" explains it'

/** A command that can be traced. The trace is undefined where none is wanted. */
type TracedAction = (invocation: Invocation, trace: SessionTrace | undefined) => Promise<void>

/** Adds the option of commands that meet another device. */
export function withTraceOption(command: Command): Command {
  return command.option('--trace <file>', TRACE_HELP)
}

/** The action with its trace, which gets the error that the command ends with, too. @throws CommandLineError. */
export function traced(action: TracedAction): Action {
  return async invocation => {
    const path = invocation.options.text('trace')
    if (path === undefined) {
      await action(invocation, undefined)
      return
    }
    const { openTrace } = await import('../trace/trace-file.js')
    const trace = openTrace(path, invocation)
    try {
      await action(invocation, trace)
    } catch (error) {
      if (!(error instanceof ToldEnd)) trace.failed(error instanceof CommandLineError ? error.cause : error)
      throw error
    } finally {
      trace.close()
    }
  }
}
