import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionTrace, TracedSession } from '../../driver/session-trace.js'
import type { Invocation } from '../invocation.js'
import { openTrace } from '../trace/trace-file.js'

const FOLDER = 'traces'

/** The trace of one step, in a file beside the report that is there once there is something to keep. Its tries stand behind each other. */
export class StepTrace implements SessionTrace {
  /** The file’s path in the folder of the trial. */
  readonly name: string
  readonly #folder: string
  readonly #run: Pick<Invocation, 'options' | 'surroundings'>
  #open: ReturnType<typeof openTrace> | undefined

  /** @param radio the kind that the role uses. */
  constructor(
    step: string,
    folder: string,
    { options, surroundings }: Pick<Invocation, 'options' | 'surroundings'>,
    radio: string,
  ) {
    this.name = `${FOLDER}/${step}.jsonl`
    this.#folder = folder
    const text = (name: string): string | undefined => (name === 'scan' ? radio : options.text(name))
    this.#run = { surroundings, options: { ...options, text } }
  }

  /** Whether there is a file. */
  get isThere(): boolean {
    return this.#open !== undefined
  }

  begin(session: TracedSession): ReturnType<SessionTrace['begin']> {
    return this.#opened().begin(session)
  }

  /** Notes the error that a try ended with. */
  failed(error: unknown): void {
    this.#opened().failed(error)
  }

  close(): void {
    this.#open?.close()
  }

  #opened(): ReturnType<typeof openTrace> {
    if (this.#open === undefined) {
      mkdirSync(join(this.#folder, FOLDER), { recursive: true })
      this.#open = openTrace(join(this.#folder, this.name), this.#run)
    }
    return this.#open
  }
}
