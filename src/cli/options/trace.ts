import type { Command } from 'commander'
import type { SessionTrace } from '../../driver/session-trace.js'
import { CommandLineError, ToldEnd } from '../failure.js'
import type { Action, Invocation } from '../invocation.js'

const TRACE_HELP =
  'keep in FILE what happens: times, sizes, statuses; no secrets, no names, so that it can be shown to others. "inspect FILE" explains it'

const SECRETS_HELP =
  'keep in a new FILE all bytes and all keys of this run, for "replay FILE": a reader of it can read the ceremony, and take the links that were made'

/** A command that can be traced. The trace is undefined where none is wanted. */
type TracedAction = (invocation: Invocation, trace: SessionTrace | undefined) => Promise<void>

/** Adds the options of commands that meet another device. */
export function withTraceOption(command: Command): Command {
  return command.option('--trace <file>', TRACE_HELP).option('--trace-secrets <file>', SECRETS_HELP)
}

/** The action with its trace. The trace also gets the error that the command ends with. @throws CommandLineError. */
export function traced(action: TracedAction): Action {
  return recorded(async (invocation, recording) => {
    const path = invocation.options.text('trace')
    if (path === undefined) {
      await action(invocation, recording)
      return
    }
    const { bothTraces, openTrace } = await import('../trace/trace-file.js')
    const trace = openTrace(path, invocation)
    try {
      await action(invocation, bothTraces(trace, recording))
    } catch (error) {
      if (!(error instanceof ToldEnd)) trace.failed(error instanceof CommandLineError ? error.cause : error)
      throw error
    } finally {
      trace.close()
    }
  })
}

/** The action with a recording, which keeps the secrets, and with the provider that gives it the keys. */
function recorded(action: TracedAction): Action {
  return async invocation => {
    const path = invocation.options.text('traceSecrets')
    if (path === undefined) {
      await action(invocation, undefined)
      return
    }
    const { openRecording } = await import('../trace/recording-file.js')
    const opened = openRecording(path, invocation)
    try {
      await action({ ...invocation, surroundings: opened.surroundings }, opened.recording)
    } finally {
      opened.close()
    }
  }
}
