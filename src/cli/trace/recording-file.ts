import { closeSync, openSync, writeSync } from 'node:fs'
import type { SessionTrace } from '../../driver/session-trace.js'
import { recordSessions } from '../../trace/record-sessions.js'
import { badUsage } from '../failure.js'
import type { Invocation } from '../invocation.js'
import type { Surroundings } from '../surroundings.js'

/** A recording in a file, and what a command has to use so that its keys are in it. */
interface OpenRecording {
  readonly recording: SessionTrace
  readonly surroundings: Surroundings
  close(): void
}

/**
 * Makes a new file that its owner alone may read, and says what it holds. @throws CommandLineError, also for a file
 * that exists.
 */
export function openRecording(path: string, { output, surroundings }: Invocation): OpenRecording {
  const file = newPrivateFile(path)
  const { bold, red } = output.colors
  output.note(
    `${red(bold('warning:'))} ${path} gets all keys and all messages. Do not show it to anybody, and delete it when you are done.`,
  )
  let isOpen = true
  const { crypto } = surroundings.platform({})
  const recording = recordSessions({
    crypto,
    write: line => {
      // After closing, its number may belong to another file.
      if (isOpen) writeSync(file, line)
    },
  })
  return {
    recording,
    surroundings: {
      ...surroundings,
      platform: choice => ({ ...surroundings.platform(choice), crypto: recording.crypto }),
    },
    close: () => {
      isOpen = false
      closeSync(file)
    },
  }
}

function newPrivateFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (cause) {
    throw badUsage(`--trace-secrets: cannot make the file ${path}`, { cause })
  }
}
