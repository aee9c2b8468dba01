import { parseArgs } from 'node:util'
import { compareResults } from './harness/comparison.js'
import type { Change } from './harness/comparison.js'
import { formatRatio } from './harness/format.js'
import { EXIT } from './harness/options.js'
import { readResult } from './harness/result.js'
import type { ClaimResult } from './harness/result.js'
import { stdoutPaint, tell } from './harness/terminal.js'

const HELP = `npm run bench:compare -- BEFORE.json AFTER.json [OPTIONS]

Compares the ratios of two runs, each with the range of 90 % of its resampled runs: where the ranges overlap, or
the change is below 5 %, it is within noise.

  --all    tells of what is within noise as well
  --fail   exit with 1 if something got worse beyond noise
  --json   the changes as JSON
  --help   this text

Example:
  npm run bench -- --json before.json && git switch faster && npm run bench -- --json after.json
  npm run bench:compare -- before.json after.json

Exit code: 0 done, 1 worse with --fail, 2 bad usage.
`

process.exitCode = main(process.argv.slice(2))

function main(args: string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        all: { type: 'boolean', default: false },
        fail: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return say(HELP, EXIT.done)
    const [before, after] = positionals
    if (before === undefined || after === undefined || positionals.length > 2)
      throw new Error('two files are compared')
    const changes = compareResults(readResult(before), readResult(after))
    const worse = changes.some(({ verdict }) => verdict === 'worse')
    const text = values.json ? `${JSON.stringify(changes, undefined, 1)}\n` : render(changes, values.all)
    return say(text, worse && values.fail ? EXIT.missed : EXIT.done)
  } catch (error) {
    tell(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return EXIT.usage
  }
}

function say(text: string, code: number): number {
  process.stdout.write(text)
  return code
}

function render(changes: readonly Change[], all: boolean): string {
  const paint = stdoutPaint()
  const colours = { better: paint.green, worse: paint.red, 'within noise': paint.dim }
  const told = changes.filter(({ verdict }) => all || verdict !== 'within noise')
  const lines = told.map(({ name, before, after, factor, verdict }) =>
    colours[verdict](
      `${verdict.padEnd(12)} × ${formatRatio(factor)}  ${range(before)} → ${range(after)}  ${name}`,
    ),
  )
  const noise = changes.filter(({ verdict }) => verdict === 'within noise').length
  return [...lines, `${changes.length} ratios compared, ${noise} within noise`, ''].join('\n')
}

function range({ value, low, high }: ClaimResult): string {
  return `${formatRatio(value)} (${formatRatio(low)} to ${formatRatio(high)})`
}
