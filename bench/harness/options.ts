import { parseArgs } from 'node:util'

/** Exit codes of every script of the benchmarks. */
export const EXIT = { done: 0, missed: 1, usage: 2, interrupted: 130 } as const

/** What `npm run bench` was asked for. */
export interface BenchOptions {
  /** The JSON goes to this file, or to stdout in place of the table. */
  readonly json: { readonly file?: string } | undefined
  /** Suites whose name contains one of these; all without any. */
  readonly filters: readonly string[]
  readonly quick: boolean
  readonly list: boolean
  readonly help: boolean
  /** Major version of another Node, from `bench/peers`. */
  readonly node: string | undefined
  /** A missed limit does not count as a failure. */
  readonly noFail: boolean
  /** Takes `dist` and the compiled benchmarks as they are. */
  readonly noBuild: boolean
}

export const HELP = `npm run bench [-- OPTIONS]

Measures the built package against baselines in the same rounds, and each ratio against its limit.
Table on stdout, progress on stderr.

  --json [FILE]   the result as JSON: into FILE, or on stdout in place of the table
                  (npm writes lines of its own before it, but for npm run --silent bench)
  --filter NAME   only suites with NAME in their name; may be given more than once
  --quick         few short rounds: shows that everything runs; ratios are rough
  --node VERSION  on Node 22 or 24 from bench/peers (npm ci --prefix bench/peers --ignore-scripts)
  --no-build      do not build dist first
  --no-fail       exit with 0 though limits are missed
  --list          names of the suites
  --help          this text

Examples:
  npm run bench -- --filter handshake
  npm run bench -- --quick --no-fail
  npm run --silent bench -- --json > result.json

A whole run is kept in bench/.results for npm run bench:report.
Exit code: 0 done, 1 a limit is missed or a suite failed, 2 bad usage, 130 interrupted.
`

/** @throws TypeError for options that there are not. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { json, rest } = takeJson(args)
  const { values } = parseArgs({
    args: rest,
    options: {
      filter: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      node: { type: 'string' },
      'no-fail': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const { filter, quick, list, help, node } = values
  return {
    json,
    filters: filter,
    quick,
    list,
    help,
    node,
    noFail: values['no-fail'],
    noBuild: values['no-build'],
  }
}

/** The one option that may have a value or not, which `parseArgs` does not know. */
function takeJson(args: readonly string[]): { json: BenchOptions['json']; rest: string[] } {
  const at = args.findIndex(arg => arg === '--json' || arg.startsWith('--json='))
  if (at < 0) return { json: undefined, rest: [...args] }
  const [, inline] = (args[at] ?? '').split(/=(.*)/s)
  const next = args[at + 1]
  const file = inline ?? (next?.startsWith('-') === false ? next : undefined)
  const taken = inline === undefined && file !== undefined ? 2 : 1
  return {
    json: file === undefined ? {} : { file },
    rest: [...args.slice(0, at), ...args.slice(at + taken)],
  }
}
