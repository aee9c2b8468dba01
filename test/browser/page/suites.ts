import { startTests } from 'vitest/internal/browser'

type Runner = Parameters<typeof startTests>[1]
type Task = Awaited<ReturnType<typeof startTests>>[number]['tasks'][number]

/** What became of one test. */
export interface Outcome {
  /** The file that it is in. */
  readonly suite: string
  /** Without the names of the suites around it. */
  readonly name: string
  readonly state: string
  readonly errors: readonly string[]
}

const TIMEOUT_MS = 60_000

/** Runs test files of the project, given as the scripts that they were bundled into, without the ending. */
export async function runSuites(suites: readonly string[]): Promise<readonly Outcome[]> {
  const files = await startTests([...suites], runner())
  return files.flatMap(file => {
    const { filepath: suite } = file
    // A file that cannot be imported has no tests.
    if (file.tasks.length === 0) return [{ suite, name: '', state: 'fail', errors: messagesOf(file) }]
    return file.tasks.flatMap(task => outcomesOf(suite, task))
  })
}

function outcomesOf(suite: string, task: Task): readonly Outcome[] {
  if (task.type === 'suite') return task.tasks.flatMap(each => outcomesOf(suite, each))
  return [{ suite, name: task.name, state: task.result?.state ?? task.mode, errors: messagesOf(task) }]
}

function messagesOf({ result }: Pick<Task, 'result'>): readonly string[] {
  return (result?.errors ?? []).map(({ message }) => message)
}

function runner(): Runner {
  return {
    importFile: suite => import(`/${suite}.js`) as unknown,
    config: {
      root: '/',
      name: undefined,
      setupFiles: [],
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: TIMEOUT_MS,
      hookTimeout: TIMEOUT_MS,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: true,
    },
  }
}
