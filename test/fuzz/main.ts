import { parseArgs } from 'node:util'
import { bundleTargets, prepareEngine } from './engine.js'
import { fuzz } from './fuzz.js'
import type { Fuzzed } from './fuzz.js'
import { TARGETS } from './targets.js'
import { TemporaryFolder } from '../support/temporary-folder.js'
import type { FuzzTarget } from './target.js'

const HELP = `Usage: npm run fuzz -- TARGET… [--seconds N] [--jobs N] [--merge] [--json]

Fuzzes what takes bytes from strangers, led by coverage. Inputs that break something are written to
test/fuzz/corpora/TARGET/ and are replayed by npm test from then on.

  --all          every target
  --list         the targets, and what each tries
  --seconds N    how long for each target (60)
  --jobs N       how many targets at once (1)
  --merge        keep inputs that reach new code, in test/fuzz/corpora/TARGET/corpus.txt
  --json         results as JSON Lines

Exit code 0: nothing broke; 1: something did, or the fuzzer cannot run; 2: bad usage.

  npm run fuzz -- cbor --seconds 600 --merge
  npm run fuzz -- --all --seconds 60 --jobs 2
`

const OPTIONS = {
  all: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '60' },
  jobs: { type: 'string', default: '1' },
  merge: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

class BadUsage extends Error {}

interface Wish {
  readonly targets: readonly FuzzTarget[]
  readonly seconds: number
  readonly jobs: number
  readonly merge: boolean
  readonly json: boolean
}

function wishOf({ values, positionals }: ReturnType<typeof parsed>): Wish {
  const unknown = positionals.find(name => !TARGETS.some(target => target.name === name))
  if (unknown !== undefined) throw new BadUsage(`There is no target ${unknown}; --list shows all.`)
  const targets = TARGETS.filter(({ name }) => values.all || positionals.includes(name))
  if (targets.length === 0) throw new BadUsage('Give a target, or --all.')
  const { merge, json } = values
  return { targets, seconds: count('seconds', values.seconds), jobs: count('jobs', values.jobs), merge, json }
}

function parsed(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new BadUsage(error instanceof Error ? error.message : '')
  }
}

function count(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new BadUsage(`--${name} is a number from 1 on, not ${text}`)
}

async function run({ targets, seconds, jobs, merge, json }: Wish): Promise<number> {
  const missing = prepareEngine()
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`)
    return 1
  }
  await bundleTargets(TARGETS)
  const folder = await TemporaryFolder.create()
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort())
  const queue = [...targets]
  const results: Fuzzed[] = []
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !abort.signal.aborted; next = queue.shift()) {
      const result = await fuzz(next, { seconds, merge, folder: folder.path, signal: abort.signal })
      results.push(result)
      tell(result, json)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  await folder.remove()
  return abort.signal.aborted || results.some(({ finding }) => finding !== undefined) ? 1 : 0
}

function tell(result: Fuzzed, json: boolean): void {
  const { target, inputs, edges, kept, finding } = result
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else {
    const end = finding === undefined ? 'nothing broke' : `BROKEN\n${finding}`
    const keeps = kept === undefined ? '' : `${kept} inputs kept, `
    process.stdout.write(`${target}: ${inputs} inputs, ${edges} edges, ${keeps}${end}\n`)
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parsed()
  if (values.help) process.stdout.write(HELP)
  else if (values.list)
    for (const { name, about } of TARGETS) process.stdout.write(`${name.padEnd(24)}${about}\n`)
  else return run(wishOf({ values, positionals }))
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof BadUsage)) throw error
  process.stderr.write(`${error.message}\nnpm run fuzz -- --help\n`)
  process.exitCode = 2
}
