import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describeMachine, load } from './harness/machine.js'
import { EXIT, readOptions } from './harness/options.js'
import type { BenchOptions } from './harness/options.js'
import { RESULTS } from './harness/places.js'
import { RESULT_VERSION } from './harness/result.js'
import type { BenchResult, GroupResult, Omission } from './harness/result.js'
import { runSuite } from './harness/suite-run.js'
import { renderTable, verdict } from './harness/table.js'
import { stdoutPaint, tell } from './harness/terminal.js'
import { SUITES } from './suites.js'
import type { SuiteEntry } from './suites.js'

// What `main.ts` starts, on the Node that was asked for.
process.once('SIGINT', () => process.exit(EXIT.interrupted))
process.exitCode = await main(readOptions(process.argv.slice(2)))

async function main(options: BenchOptions): Promise<number> {
  const { result, failed } = await runSuites(wanted(options.filters), options.quick)
  write(result, options)
  const missed = verdict(result).missed > 0 && !options.noFail
  return failed || missed ? EXIT.missed : EXIT.done
}

function wanted(filters: readonly string[]): SuiteEntry[] {
  return SUITES.filter(({ name }) => filters.length === 0 || filters.some(filter => name.includes(filter)))
}

/** A suite that fails does not keep the others from running. */
async function runSuites(
  suites: readonly SuiteEntry[],
  quick: boolean,
): Promise<{ result: BenchResult; failed: boolean }> {
  const startedAt = new Date().toISOString()
  const loadBefore = load()
  const [groups, omitted]: [GroupResult[], Omission[]] = [[], []]
  let failed = false
  for (const [index, { name, isSlow }] of suites.entries()) {
    if (quick && isSlow === true) {
      omitted.push({ name, reason: 'too slow for a quick run' })
      continue
    }
    const began = performance.now()
    await runSuite(name, quick ? 'quick' : 'full', report => {
      if ('group' in report) groups.push(report.group)
      else if ('omission' in report) omitted.push(report.omission)
      else failed = true
      if ('omission' in report) tell(`left out: ${report.omission.name}: ${report.omission.reason}`)
      if ('failure' in report) tell(`${name} failed: ${report.failure}`)
    })
    tell(`${index + 1}/${suites.length} ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  }
  const machine = describeMachine(loadBefore)
  return { result: { version: RESULT_VERSION, startedAt, quick, machine, groups, omitted }, failed }
}

function write(result: BenchResult, { json, filters, quick }: BenchOptions): void {
  const text = `${JSON.stringify(result, undefined, 1)}\n`
  if (json?.file !== undefined) save(json.file, text)
  if (filters.length === 0 && !quick)
    save(join(RESULTS, `node-${process.versions.node.split('.')[0] ?? ''}.json`), text)
  process.stdout.write(
    json !== undefined && json.file === undefined ? text : `${renderTable(result, stdoutPaint())}\n`,
  )
}

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
