import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly uses?: string
  readonly steps?: readonly Step[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } }
  readonly environment?: unknown
}

interface Workflow {
  readonly permissions?: unknown
  readonly concurrency?: { readonly group: string }
  readonly jobs: Readonly<Record<string, Job>>
}

const FOLDER = '.github/workflows/'
const { scripts, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>
  engines: { node: string }
}
const texts = new Map(readdirSync(FOLDER).map(name => [name, readFileSync(FOLDER + name, 'utf8')]))
const workflows = new Map(Array.from(texts, ([name, text]) => [name, parse(text) as Workflow]))
const jobs = Array.from(workflows).flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]): [string, Job] => [`${file}: ${name}`, job]),
)

const stepsOf = (job: Job): readonly Step[] => job.steps ?? []
const runsOf = (job: Job): readonly string[] => stepsOf(job).flatMap(({ run }) => run?.split('\n') ?? [])
const wordsAfter = (pattern: RegExp, job: Job): readonly string[] =>
  runsOf(job).flatMap(line => Array.from(line.matchAll(pattern), ([, word = '']) => word))

test('there are four workflows', () => {
  expect([...workflows.keys()].toSorted()).toEqual(['ci.yml', 'docs.yml', 'release.yml', 'weekly.yml'])
})

test.each([...workflows])(
  '%s gives no rights to all of its jobs, and old runs make way',
  (_name, workflow) => {
    expect(workflow.permissions).toEqual({})
    expect(workflow.concurrency?.group).toBeTruthy()
  },
)

describe.each(jobs)('%s', (name, job) => {
  test('has a limit of time and rights of its own', () => {
    expect(job.permissions).toBeDefined()
    if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0)
    else expect(existsSync(job.uses)).toBe(true)
  })

  test('writes only where that is its task', () => {
    const written = Object.entries(job.permissions ?? {}).flatMap(([right, level]) =>
      level === 'write' ? [right] : [],
    )
    expect(written).toEqual(WRITERS[name] ?? [])
  })

  test('calls scripts and files that there are', () => {
    for (const script of wordsAfter(/\bnpm run ([\w:-]+)/g, job)) expect(scripts).toHaveProperty([script])
    for (const path of wordsAfter(/\bbash ([\w./-]+)/g, job)) expect(existsSync(path), path).toBe(true)
    for (const path of wordsAfter(/--prefix ([\w./-]+)/g, job))
      expect(existsSync(`${path}/package-lock.json`), path).toBe(true)
    for (const path of wordsAfter(/^(\.[\w./-]+)/g, job)) accessSync(path, constants.X_OK)
  })

  test('leaves no credentials in what it checks out', () => {
    const checkouts = stepsOf(job).filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false })
  })
})

const WRITERS: Readonly<Record<string, readonly string[]>> = {
  'release.yml: publish': ['id-token'],
  'release.yml: notes': ['contents'],
  'docs.yml: deploy': ['pages', 'id-token'],
}

test('every action is pinned by a commit, the same everywhere, with its version beside it', () => {
  const lines = [...texts.values()].flatMap(text => text.match(/uses: (?!\.\/).*$/gm) ?? [])
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  const actions = new Set(lines.map(line => line.replace(/@.*/, '')))
  expect(new Set(lines).size).toBe(actions.size)
})

test('CI runs all suites on every Node there is from the oldest that the package takes', () => {
  const job = workflows.get('ci.yml')?.jobs['all-suites']
  const versions = job?.strategy?.matrix.node ?? []
  expect(versions).toEqual([20, 22, 24, 26])
  expect(engines.node).toMatch(new RegExp(`^>=${versions[0] ?? 0}\\.`))
  expect(job && runsOf(job)).toEqual(['.ci/run'])
})

test('a release is tested, checked, built and published with provenance, in that order', () => {
  const publish = workflows.get('release.yml')?.jobs['publish']
  expect(publish).toMatchObject({ needs: 'test', environment: 'npm' })
  expect(publish && runsOf(publish)).toEqual([
    'npm ci',
    'npm run check:release -- "$TAG"',
    'npm run check:package',
    'npm run check:api',
    'npm publish --provenance --access public',
  ])
})
