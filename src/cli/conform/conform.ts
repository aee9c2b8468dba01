import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { CaseReport, ConformCase, Role } from '../../conform/case.js'
import type { CommandWords } from '../../conform/driven-command.js'
import { applies, conformReport } from '../../conform/report.js'
import type { ConformReport } from '../../conform/report.js'
import { runCases } from '../../conform/run-cases.js'
import { selected } from '../../conform/selection.js'
import { abortedBy } from '../../driver/progress.js'
import { SECOND_MS } from '../../ports/clock.js'
import { badUsage, EXIT, ToldEnd } from '../failure.js'
import type { AddCommands, Bind, Invocation } from '../invocation.js'
import type { GivenOptions } from '../options/given.js'
import { reportFiles } from './report-files.js'
import { requireRunnable } from './runnable.js'
import { caseLines, leftOutLine, listLine, summaryLines } from './text.js'

/** How long a command is watched that is to do nothing, ms. */
const PATIENCE_MS = 3000
const JOBS_MAX = 64
const SECONDS_MAX = 3600

const CHANNELS_AND_LINKS = `The cases channel-* are about BLE data channels and linked-* about links, for a COMMAND that says that it has them.
`

/** What only some of them can do. */
const ABILITIES: Readonly<Record<Role, string>> = {
  client: CHANNELS_AND_LINKS,
  phone: CHANNELS_AND_LINKS,
  service: '',
}

const EXAMPLES = (role: Role, command: string): string => `
COMMAND is started once for each case, with environment variables that say what to do, and prints lines that say what came of it:
src/conform/README.md of the package is that contract on one page. It runs in a process group of its own, which ends with the case.
${ABILITIES[role]}With --json: {"event":"case","name":…,"passed":…} for each case, {"event":"not-applicable","name":…,"why":…} for one about what COMMAND
cannot do, and at the end {"event":"conformed","totals":…}.

Exit code 0: all cases passed that a ${role} must pass. 1: some did not.

Examples:
  fido-hybrid conform ${role} --list
  fido-hybrid conform ${role} -- ${command}
  fido-hybrid conform ${role} --only 'message-2-*' --jobs 4 --report report.json --html report.html -- ${command}`

/** One kind of implementation under test. */
interface Tested {
  readonly role: Role
  readonly description: string
  readonly command: string
  readonly cases: () => Promise<readonly ConformCase[]>
}

const TESTED: readonly Tested[] = [
  {
    role: 'client',
    description: 'try a laptop: it meets phones and tunnel services, decent and misbehaving',
    command: './my-laptop',
    cases: async () => (await import('../../conform/client/cases.js')).CLIENT_CASES,
  },
  {
    role: 'phone',
    description: 'try a phone: it meets laptops and tunnel services, decent and misbehaving',
    command: './my-phone',
    cases: async () => (await import('../../conform/phone/cases.js')).PHONE_CASES,
  },
  {
    role: 'service',
    description: 'try a tunnel service: it meets phones, laptops and strangers',
    command: './my-service',
    cases: async () => (await import('../../conform/service/cases.js')).SERVICE_CASES,
  },
]

/** The commands that try implementations of others. */
export const addConformCommands: AddCommands = (conform, bind) => {
  for (const tested of TESTED) addRole(conform, tested, bind)
}

function addRole(conform: Command, tested: Tested, bind: Bind): void {
  const { role, description, command } = tested
  const added = conform
    .command(role)
    .description(description)
    .argument('[command...]', 'what is under test, and its arguments; put -- before it')
    .option('--list', 'print the cases, and play none')
    .option('--only <glob>', 'only cases of these names, * for any letters; repeatable', repeated)
    .option('--jobs <number>', 'how many cases at a time (default: one for each processor)')
    .option('--timeout <seconds>', 'how long a case may take', '30')
    .option('--report <file>', 'write the report to this file, JSON')
    .option('--html <file>', 'write the report to this file, one page of HTML')
    .addHelpText('after', EXAMPLES(role, command))
  if (role === 'service') added.option('--url <url>', 'try the service that runs there, and start none')
  bind(added, invocation => runConform(tested, invocation))
}

async function runConform(tested: Tested, invocation: Invocation): Promise<void> {
  const { options, output } = invocation
  const cases = chosenCases(await tested.cases(), options)
  if (options.flag('list')) {
    for (const each of cases) {
      const { name, about, section, level, expected } = each
      output.event({ event: 'listed', name, about, section, level, expected })
      output.result(listLine(each))
    }
  } else await tryCases(tested.role, cases, invocation)
}

async function tryCases(role: Role, cases: readonly ConformCase[], invocation: Invocation): Promise<void> {
  const { options, surroundings } = invocation
  const subject = subjectOf(role, invocation)
  const timeoutMs = (numberOf(options, 'timeout', SECONDS_MAX) ?? 0) * SECOND_MS
  const jobs = numberOf(options, 'jobs', JOBS_MAX) ?? availableParallelism()
  if (subject.command !== undefined) await requireRunnable(subject.command[0], surroundings.env['PATH'])
  const files = await reportFiles(options)
  const startedAt = new Date()
  const reports = await runCases(cases, {
    ...subject,
    jobs,
    timeoutMs,
    patienceMs: Math.min(PATIENCE_MS, timeoutMs),
    signal: surroundings.signal,
    onCase: tellCase(role, invocation, cases.length),
  })
  const head = {
    runner: surroundings.version,
    role,
    subject: subject.command ?? [subject.serviceUrl],
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
  }
  const report = conformReport(head, reports)
  await files.write(report)
  if (surroundings.signal.aborted) throw abortedBy(surroundings.signal)
  tellEnd(report, invocation)
}

/** A command to start, or a service that runs already. */
type Subject =
  | { readonly command: CommandWords; readonly serviceUrl?: undefined }
  | { readonly command?: undefined; readonly serviceUrl: string }

function subjectOf(role: Role, { options, operands }: Invocation): Subject {
  const serviceUrl = serviceUrlOf(options)
  const [file, ...args] = operands
  if (serviceUrl !== undefined && file !== undefined)
    throw badUsage('--url is for a service that runs already: leave the command out')
  if (serviceUrl !== undefined) return { serviceUrl }
  if (file === undefined) throw badUsage(`a command is missing: fido-hybrid conform ${role} -- COMMAND`)
  return { command: [file, ...args] }
}

function tellCase(role: Role, { output }: Invocation, count: number): (report: CaseReport) => void {
  let told = 0
  return report => {
    const { name, section, level, passed, expected, seen, durationMs } = report
    const place = `${++told}/${count}`
    if (applies(report)) {
      output.event({ event: 'case', name, section, level, passed, expected, seen, durationMs })
      output.note(caseLines(role, report, place, output.colors))
    } else {
      output.event({ event: 'not-applicable', name, section, level, why: seen })
      output.note(leftOutLine(report, place, output.colors))
    }
  }
}

function tellEnd(report: ConformReport, { output }: Invocation): void {
  const { role, totals, durationMs, notApplicable } = report
  output.event({ event: 'conformed', role, totals, notApplicable: notApplicable.length, durationMs })
  output.result(summaryLines(report))
  if (totals.must.failed > 0) throw new ToldEnd(EXIT.failed)
}

function chosenCases(cases: readonly ConformCase[], options: GivenOptions): readonly ConformCase[] {
  const globs = options.list('only')
  const chosen = selected(cases, globs)
  if (chosen.length === 0) throw badUsage(`--only ${globs.join(' ')} fits no case; --list prints their names`)
  return chosen
}

function serviceUrlOf(options: GivenOptions): string | undefined {
  const url = options.text('url')
  if (url === undefined || /^wss?:\/\/[^\s/]+\/?$/.test(url)) return url?.replace(/\/$/, '')
  throw badUsage(`--url takes ws://host:port or wss://host, not ${url}`)
}

function numberOf(options: GivenOptions, name: string, max: number): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= max) return number
  throw badUsage(`--${name} takes 1 to ${max}, not ${text}`)
}

function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
