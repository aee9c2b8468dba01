import { closeSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs'
import { release } from 'node:os'
import type { SessionTrace } from '../../driver/session-trace.js'
import { createTrace, TRACE_MAX_BYTES } from '../../trace/create-trace.js'
import type { Trace } from '../../trace/create-trace.js'
import { looksLikeTrace } from '../../trace/read-trace.js'
import { badUsage, CommandLineError } from '../failure.js'
import type { Invocation } from '../invocation.js'

/** A trace in a file. */
interface OpenTrace extends Trace {
  close(): void
}

/** What is left to a run that is added to a file, bytes. */
const ROOM_FOR_A_RUN = 65_536

/**
 * Begins the trace of a run behind those that the file has.
 * @throws CommandLineError for a file that holds something else, has no room, or cannot be written.
 */
export function openTrace(path: string, invocation: Pick<Invocation, 'options' | 'surroundings'>): OpenTrace {
  const { close, ...file } = openTraceFile(path)
  return { ...createTrace({ ...aboutRun(invocation), ...file }), close }
}

/** Joins two traces: both hear the same. */
export function bothTraces(trace: Trace, other: SessionTrace | undefined): SessionTrace {
  if (other === undefined) return trace
  return {
    made: other.made,
    begin: session => {
      const listeners = [trace.begin(session), other.begin(session)]
      return {
        step: (input, outputs, now) => {
          for (const listener of listeners) listener.step(input, outputs, now)
        },
        progress: (event, now) => {
          for (const listener of listeners) listener.progress(event, now)
        },
      }
    },
  }
}

/** A file that traces are written to, each line at once: what was written is there when the process is killed. */
interface TraceFile {
  readonly written: number
  readonly write: (line: string) => void
  readonly close: () => void
}

/** Opens a file for one more run. @throws CommandLineError. */
function openTraceFile(path: string): TraceFile {
  try {
    const before = formerRuns(path)
    const file = openSync(path, 'a', 0o600)
    let isOpen = true
    return {
      written: before,
      write: line => {
        // Its number may belong to another file by then.
        if (isOpen) writeSync(file, line)
      },
      close: () => {
        isOpen = false
        closeSync(file)
      },
    }
  } catch (cause) {
    if (cause instanceof CommandLineError) throw cause
    throw badUsage(`--trace: cannot write ${path}`, { cause })
  }
}

/** How much of a file is whole lines of a trace, bytes; 0 where there is no file. The rest is cut off. */
function formerRuns(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 0
  if (!found.isFile()) throw badUsage(`--trace: ${path} is no file`)
  if (found.size === 0) return 0
  if (found.size > TRACE_MAX_BYTES - ROOM_FOR_A_RUN)
    throw badUsage(`--trace: ${path} is full; give another file`)
  const former = readFileSync(path)
  if (!looksLikeTrace(former.toString('latin1')))
    throw badUsage(`--trace: ${path} holds something else, and is left as it is`)
  const whole = former.lastIndexOf('\n') + 1
  if (whole < former.length) truncateSync(path, whole)
  return whole
}

function aboutRun({
  options,
  surroundings,
}: Pick<Invocation, 'options' | 'surroundings'>): Readonly<Record<string, string | undefined>> {
  const [radio] = (options.text('scan') ?? options.text('advertise') ?? '').split(':')
  const [osVersion] = /^\d+(?:\.\d+)*/.exec(release()) ?? []
  return {
    library: surroundings.version,
    runtime: 'node',
    runtimeVersion: process.versions.node,
    os: process.platform,
    osVersion,
    arch: process.arch,
    radio,
  }
}
