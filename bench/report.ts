import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { EXIT } from './harness/options.js'
import { BENCH, RESULTS } from './harness/places.js'
import { readResult } from './harness/result.js'
import { tell } from './harness/terminal.js'
import { writeReport } from './pictures/write-report.js'

const HELP = `npm run bench:report [-- JSON…]

Writes bench/report.html, the pictures in bench/plots/ and the tables of bench/RESULTS.md, from files that
npm run bench -- --json FILE wrote; without any from the last whole run on each Node.

  --help   this text

Examples:
  npm run bench && npm run bench:report
  npm run bench:report -- node20.json node22.json

Exit code: 0 done, 2 bad usage.
`

process.exitCode = main(process.argv.slice(2))

function main(args: string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', default: false } },
    })
    if (values.help) process.stdout.write(HELP)
    else for (const path of report(positionals)) process.stdout.write(`${path}\n`)
    return EXIT.done
  } catch (error) {
    tell(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return EXIT.usage
  }
}

function report(given: readonly string[]): string[] {
  const files = given.length > 0 ? given : lastRuns()
  if (files.length === 0) throw new Error('nothing has been measured yet: npm run bench')
  return writeReport(files.map(readResult), BENCH)
}

function lastRuns(): string[] {
  if (!existsSync(RESULTS)) return []
  return readdirSync(RESULTS)
    .sort()
    .map(name => join(RESULTS, name))
}
