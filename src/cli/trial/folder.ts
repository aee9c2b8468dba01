import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { orMissing, orUnavailable } from '../../adapters/stores/private-file.js'
import { openPrivateJson } from '../../adapters/stores/private-json.js'
import type { PrivateJson } from '../../adapters/stores/private-json.js'
import { badUsage } from '../failure.js'
import { publishedJson } from './report.js'
import { publishedMarkdown } from './report-markdown.js'
import { TRIAL_FORMAT } from './state.js'
import type { TrialState } from './state.js'
import type { StepTitle } from './step.js'

const PRIVATE = 'private'

/** Where a trial is kept: the report, which may be published, and in a private folder beside it the state for going on. */
export class TrialFolder {
  readonly path: string
  readonly #state: PrivateJson<TrialState | undefined>

  private constructor(path: string, state: PrivateJson<TrialState | undefined>) {
    this.path = path
    this.#state = state
  }

  /** @throws CommandLineError for a folder that holds something; StoreError. */
  static async create(path: string): Promise<TrialFolder> {
    const names = await orUnavailable(path, 'read', () => orMissing(() => readdir(path)))
    if (names !== undefined && names.length > 0)
      throw badUsage(
        `--out: ${path} holds something already; give another folder, or go on with --resume ${path}`,
      )
    return await TrialFolder.#open(path)
  }

  /** @throws CommandLineError for a folder without a trial to go on with; StoreError. */
  static async resume(path: string): Promise<{ folder: TrialFolder; state: TrialState }> {
    const missing = badUsage(`--resume: ${path} has no trial to go on with`)
    if ((await orMissing(() => stat(join(path, PRIVATE)))) === undefined) throw missing
    const folder = await TrialFolder.#open(path)
    const state = await folder.#state.read()
    if (state === undefined) throw missing
    return { folder, state }
  }

  static async #open(path: string): Promise<TrialFolder> {
    await orUnavailable(path, 'make', () => mkdir(path, { recursive: true }))
    return new TrialFolder(path, await openPrivateJson(join(path, PRIVATE, 'state.json'), TRIAL_FORMAT))
  }

  /** A file that is never to be published. */
  privateFile(name: string): string {
    return join(this.path, PRIVATE, name)
  }

  /** Keeps the state, and writes the report anew. @throws StoreError. */
  async save(state: TrialState, steps: readonly StepTitle[]): Promise<void> {
    await this.#state.change(() => state)
    const write = (name: string, text: string): Promise<void> =>
      orUnavailable(name, 'write', () => writeFile(join(this.path, name), text))
    await write('trial.json', `${JSON.stringify(publishedJson(state.record, steps), null, 2)}\n`)
    await write('trial.md', publishedMarkdown(state.record, steps))
  }

  /** Removes the state for going on. @throws StoreError. */
  async forget(): Promise<void> {
    await this.#state.close()
    const path = join(this.path, PRIVATE)
    await orUnavailable(path, 'remove', () => rm(path, { recursive: true, force: true }))
  }
}
