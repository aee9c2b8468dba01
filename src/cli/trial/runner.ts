import type { ProgressEvent } from '../../driver/progress.js'
import type { Invocation } from '../invocation.js'
import type { Output } from '../output.js'
import { stepsTo } from '../text/steps.js'
import { DEVICE_QUESTIONS } from './devices.js'
import type { TrialFolder } from './folder.js'
import type { TrialParty } from './party.js'
import type { Person } from './person.js'
import type { TrialStepRecord, StepResult, TrialRecord, TryRecord } from './record.js'
import { withStep } from './record.js'
import { StepTrace } from './step-trace.js'
import { judge, VERIFIED } from './step.js'
import type { TrialStep } from './step.js'
import { headingOf, judgedText, labelled, SEEN_QUESTION, tryText, welcomeText } from './text.js'
import { readSeen } from './seen.js'
import type { Seen } from './seen.js'
import { recordTry } from './try-watch.js'
import type { EndedTry } from './try-watch.js'

const BEGIN_QUESTION = 'Enter begins, s skips, q quits: '
/** Asked before a further try. */
export const GO_ON_QUESTION = 'Enter goes on: '

/** What a trial is led with. */
export interface TrialOptions<Desk> {
  readonly desk: Desk
  /** All steps of the role, for the report. */
  readonly steps: readonly TrialStep<Desk>[]
  /** Those to be gone through now. */
  readonly chosen: readonly TrialStep<Desk>[]
  readonly person: Person
  readonly output: Output
  readonly invocation: Pick<Invocation, 'options' | 'surroundings'>
  readonly folder: TrialFolder
  readonly party: TrialParty
  readonly record: TrialRecord
  /** Fires when the trial is to end. */
  readonly signal: AbortSignal
}

/** Leads a person through the steps, and writes the report anew after each. */
export class TrialRunner<Desk> {
  readonly #options: TrialOptions<Desk>
  #record: TrialRecord

  constructor(options: TrialOptions<Desk>) {
    this.#options = options
    this.#record = options.record
  }

  /** What has been done so far. */
  get record(): TrialRecord {
    return this.#record
  }

  /** @returns whether the person went through to the end. @throws StoreError. */
  async run(): Promise<boolean> {
    await this.#save(this.#record)
    if (!(await this.#askDevices())) return false
    for (const step of this.#options.chosen) if (!(await this.#goThrough(step))) return false
    return true
  }

  /** Only once: a trial that is resumed has the answers. */
  async #askDevices(): Promise<boolean> {
    const { person, output, signal, steps } = this.#options
    const { role } = this.#record
    if (this.#record.devices.length > 0) return true
    output.note(`${welcomeText(role, steps.length)}\n`)
    const devices = []
    for (const { key, text, usual } of DEVICE_QUESTIONS[role]) {
      const answer = await person.ask(`${text} [${usual}]: `, usual, signal)
      if (answer === undefined) return false
      devices.push({ key, answer })
    }
    await this.#save({ ...this.#record, devices })
    return true
  }

  /** @returns whether the trial goes on. */
  async #goThrough(step: TrialStep<Desk>): Promise<boolean> {
    const { person, output, party, signal, steps } = this.#options
    const number = steps.indexOf(step) + 1
    output.event({ event: 'step', step: step.name, number, of: steps.length })
    output.note(headingOf(step, number, steps.length, output.colors))
    if (step.needsPasskey === true && party.listOf('ada').length === 0) {
      output.note('Skipped: it needs the passkey of the step “register”.')
      return await this.#keep({ name: step.name, result: 'skipped', tries: [] })
    }
    const answer = await person.ask(BEGIN_QUESTION, '', signal)
    if (answer === undefined || answer === 'q') return false
    if (answer === 's') return await this.#keep({ name: step.name, result: 'skipped', tries: [] })
    return await this.#perform(step)
  }

  async #perform(step: TrialStep<Desk>): Promise<boolean> {
    const { person, output, signal } = this.#options
    for (;;) {
      const trace = this.#traceOf(step.name)
      const tries = await this.#tries(step, trace).finally(() => trace.close())
      if (signal.aborted) return false
      const result = judge(step, tries.at(-1)?.ended ?? [])
      output.note(judgedText(result, output.colors))
      const seen = readSeen(await person.ask(SEEN_QUESTION[result], '', signal), result)
      if (seen === undefined) return false
      if (seen.does === 'repeat') continue
      await this.#keep(recordOf(step.name, result, seen, tries))
      return seen.does !== 'quit'
    }
  }

  /** Each try follows on a good end of the one before. */
  async #tries(step: TrialStep<Desk>, trace: StepTrace): Promise<readonly TryRecord[]> {
    const { desk, output, person, signal } = this.#options
    const records: TryRecord[] = []
    for (const { todo, run } of step.tries) {
      if (todo !== undefined) output.note(`\n${labelled('Next:', todo)}`)
      if (todo !== undefined && (await person.ask(GO_ON_QUESTION, '', signal)) === undefined) break
      const { record, error } = await this.#watched(trace, watch => run(desk, watch))
      records.push(record)
      output.note(tryText(record, error, output.colors))
      if (!record.ended.includes(VERIFIED)) break
    }
    return records
  }

  #traceOf(step: string): StepTrace {
    const { invocation, folder } = this.#options
    return new StepTrace(step, folder.path, invocation, this.#record.radio)
  }

  async #watched(trace: StepTrace, run: Parameters<typeof recordTry>[1]): Promise<EndedTry> {
    const { person, output, signal } = this.#options
    const giveUp = new AbortController()
    const tell = stepsTo(output)
    const listen = (event: ProgressEvent): void => {
      tell(event)
      if (event.proximity === 'simulated') this.#record = { ...this.#record, simulated: true }
    }
    const done = person.onEnter(() => giveUp.abort())
    const watch = { signal: AbortSignal.any([signal, giveUp.signal]), onProgress: listen, trace }
    return await recordTry(watch, run).finally(done)
  }

  /** @returns true: the trial goes on. */
  async #keep(step: TrialStepRecord): Promise<true> {
    const { name, result, note, tries } = step
    this.#options.output.event({ event: 'step-result', step: name, result, note, tries })
    await this.#save(withStep(this.#record, step))
    return true
  }

  async #save(record: TrialRecord): Promise<void> {
    const { folder, party, steps } = this.#options
    this.#record = record
    await folder.save({ origin: party.rp.origin, record, passkeys: party.passkeys }, steps)
  }
}

/** A step that did not look as described has not passed, whatever the program thinks. */
function recordOf(
  name: string,
  judged: StepResult,
  seen: Seen,
  tries: readonly TryRecord[],
): TrialStepRecord {
  const { does, asDescribed, note } = seen
  if (does === 'skip') return { name, result: 'skipped', note, tries }
  const result = judged === 'passed' && !asDescribed ? 'failed' : judged
  return { name, result, asDescribed, note, tries }
}
