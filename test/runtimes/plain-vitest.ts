/** What the portable tests use of `vitest`, without its engine: the tests are collected, then run one after another. */
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'

type Body = (...values: readonly unknown[]) => unknown

/** What a `describe` has, or the whole. */
interface Suite {
  readonly name: string
  readonly before: Body[]
  readonly beforeEach: Body[]
  readonly afterEach: Body[]
  readonly after: Body[]
  /** Tests and suites, in order. */
  readonly members: (() => Promise<void>)[]
}

const emptySuite = (name: string): Suite => ({
  name,
  before: [],
  beforeEach: [],
  afterEach: [],
  after: [],
  members: [],
})

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)
export const expect: typeof chai.expect = chai.expect

let path: readonly Suite[] = [emptySuite('')]
let passed = 0
const failures: string[] = []

const inner = (): Suite => path.at(-1) ?? emptySuite('')

/** Calls hooks in turn. */
async function callAll(hooks: readonly Body[]): Promise<void> {
  for (const hook of hooks) await hook()
}

function addTest(name: string, body: Body): void {
  const suites = path
  inner().members.push(async () => {
    try {
      await callAll(suites.flatMap(suite => suite.beforeEach))
      await body()
      passed++
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      failures.push(`${[...suites.map(suite => suite.name), name].join(' > ')}\n${text}`)
    } finally {
      await callAll(suites.toReversed().flatMap(suite => suite.afterEach))
    }
  })
}

function addSuite(name: string, body: Body): void {
  const suite = emptySuite(name)
  inner().members.push(() => runSuite(suite))
  path = [...path, suite]
  body()
  path = path.slice(0, -1)
}

async function runSuite({ before, members, after }: Suite): Promise<void> {
  await callAll(before)
  await callAll(members)
  await callAll(after)
}

type Each = (name: string, body: Body) => void
type EachOrRows = Each & { each: (rows: readonly unknown[]) => Each }

/** A row that is a list gives an argument for each member. */
function withEach(add: Each): EachOrRows {
  const each =
    (rows: readonly unknown[]): Each =>
    (name, body) => {
      for (const [index, row] of rows.entries())
        add(`${name} (row ${index})`, () => body(...(Array.isArray(row) ? (row as unknown[]) : [row])))
    }
  return Object.assign(add.bind(undefined), { each })
}

export const test: EachOrRows = withEach(addTest)
export const it: EachOrRows = withEach(addTest)
export const describe: EachOrRows = withEach(addSuite)
export const beforeAll = (hook: Body): unknown => inner().before.push(hook)
export const beforeEach = (hook: Body): unknown => inner().beforeEach.push(hook)
export const afterEach = (hook: Body): unknown => inner().afterEach.push(hook)
export const afterAll = (hook: Body): unknown => inner().after.push(hook)

/** Types are checked elsewhere. */
export function expectTypeOf(): unknown {
  const anything: unknown = new Proxy(() => undefined, { get: () => anything, apply: () => anything })
  return anything
}

/** Runs what was collected. @returns how many tests passed, and what is wrong with each other. */
export async function runCollected(): Promise<{ passed: number; failures: readonly string[] }> {
  await runSuite(inner())
  return { passed, failures }
}
