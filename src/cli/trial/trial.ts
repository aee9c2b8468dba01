import { Option } from 'commander'
import { resolve } from 'node:path'
import { badUsage, EXIT, ToldEnd } from '../failure.js'
import { Interruption } from '../interruption.js'
import type { AddCommands, Invocation } from '../invocation.js'
import { profileOption } from '../options/profile.js'
import { ADVERTISE_HELP, SCAN_HELP, UNPROVEN_HELP } from '../options/proximity.js'
import { withTunnelOptions } from '../options/tunnel.js'
import { dayOf } from '../text/iso-time.js'
import { tellEnd } from './farewell.js'
import { TrialFolder } from './folder.js'
import { LAPTOP_PLAN } from './laptop-plan.js'
import { LAPTOP_STEPS } from './laptop-steps.js'
import { readOrigin, readSteps, TRIAL_ORIGIN } from './options.js'
import { TrialParty } from './party.js'
import { AGREEING, PersonAtTerminal } from './person.js'
import { PHONE_PLAN } from './phone-plan.js'
import type { TrialRecord, TrialRole } from './record.js'
import type { BegunTrial, RolePlan } from './role-plan.js'
import { TrialRunner } from './runner.js'
import type { TrialOptions } from './runner.js'
import type { TrialState } from './state.js'
import type { StepTitle, TrialStep } from './step.js'

const AFTER = `
Both devices need Bluetooth switched on, and the internet; they need not be in the same network. The phone chooses the tunnel service,
Google's or Apple's: --tunnel-url is for phones that use another. It takes about a quarter of an hour. Each step can be skipped and
repeated. Ctrl-C, or q, ends the trial with a report of what was done, and --resume goes on; with --steps it does those again.

The folder then holds trial.md, trial.json and traces for "inspect", which are safe to publish: what you typed about the devices,
results, stages with their times, codes of errors. They hold no keys, IDs, names of accounts, and no relying party. What is needed to go on is in the folder
"private" beside them, which is removed when the trial has ended. trial.md ends with a line for TRIALS.md of this project.

The relying party is ${TRIAL_ORIGIN}, a name that no site can have. No network request goes to it: phones show the
name, which they get from the laptop. A phone that does not accept it may accept the domain of a site of yours: --origin. At the end
you are told which passkeys to delete on the phone. It needs the package @simplewebauthn/server.

--yes answers every question with its default, for harnesses whose phone reads {"event":"qr","url":"FIDO:/…"} of --json; {"event":
"step","step":…} comes before, {"event":"step-result","step":…,"result":…} after each step, and last {"event":"report","path":…}. Exit code
1: a step failed.

With --role phone this machine is the phone (Linux with BlueZ), and meets the browser or program of your choice. It serves a page with one
button on http://localhost, which does what each step asks for; you give the code that the browser shows, as a screenshot or as text.
Where the browser is on another machine, say there: ssh -L 8642:localhost:8642 THIS-MACHINE. One Bluetooth adapter does not hear itself: on the same machine
--advertise bluez:hciN names a second one. The passkeys are in the folder "private". There is no step about being remembered: the
services of Google and Apple reach only phones of their makers.

Steps: ${LAPTOP_STEPS.map(({ name }) => name).join(', ')}
As phone: the same, without remembered.

Examples:
  fido-hybrid trial
  fido-hybrid trial --out ~/pixel --origin https://login.example.com
  fido-hybrid trial --role phone --advertise bluez:hci1
  fido-hybrid trial --resume ~/pixel --steps prf,remembered`

/** The command that leads a person through a trial with real devices. */
export const addTrialCommand: AddCommands = (trial, bind) => {
  trial
    .addOption(
      new Option('--role <side>', 'what this machine is').choices(['laptop', 'phone']).default('laptop'),
    )
    .option('--out <dir>', 'folder for the report, new or empty (default: fido-hybrid-trial-DATE)')
    .option('--resume <dir>', 'go on with the trial of this folder')
    .option('--steps <names>', 'only these steps, such as register,sign-in')
    .option('--origin <url>', `the relying party’s origin (default: ${TRIAL_ORIGIN})`)
    .option('--wait <seconds>', 'how long to wait in steps where nothing should happen', '120')
    .option('--yes', 'ask nothing')
    .option('--scan <how>', `laptop: ${SCAN_HELP}`, 'auto')
    .option('--advertise <how>', `phone: ${ADVERTISE_HELP}`, 'auto')
    .addOption(profileOption())
    .option('--page-port <number>', 'phone: port of the page; 0 picks a free one', '8642')
    .option('--allow-unproven-proximity', UNPROVEN_HELP)
    .addHelpText('after', AFTER)
  bind(withTunnelOptions(trial, 'each ceremony'), runTrial)
}

async function runTrial(invocation: Invocation): Promise<void> {
  if (invocation.options.requiredText('role') === 'phone') await lead(PHONE_PLAN, invocation)
  else await lead(LAPTOP_PLAN, invocation)
}

async function lead<Desk>(plan: RolePlan<Desk>, invocation: Invocation): Promise<void> {
  const stop = new AbortController()
  const signal = AbortSignal.any([invocation.surroundings.signal, stop.signal])
  const { person, terminal } = personOf(invocation, stop)
  const chosen = readSteps(invocation.options, plan.steps)
  const prepared = await plan.prepare(invocation)
  try {
    const { state, openFolder } = await beginning(invocation, plan.role, prepared)
    // Before there is a folder: its library may be missing.
    const party = await TrialParty.open(prepared.origin ?? state.origin, state.passkeys)
    const trial = { invocation, party, person, terminal, signal, folder: await openFolder() }
    const desk = await prepared.open(trial)
    const left = chosen ?? stepsLeft(plan.steps, state.record)
    await leadThrough(plan.steps, { ...trial, desk, chosen: left, record: state.record })
  } finally {
    await prepared.close()
  }
}

async function leadThrough<Desk>(
  steps: readonly TrialStep<Desk>[],
  trial: BegunTrial & Pick<TrialOptions<Desk>, 'desk' | 'chosen' | 'record'>,
): Promise<void> {
  const around = { ...trial, steps, output: trial.invocation.output }
  const runner = new TrialRunner(around)
  await runner.run()
  await tellEnd({ ...around, record: runner.record })
  endTrial(trial.signal, runner.record)
}

function stepsLeft<Step extends StepTitle>(steps: readonly Step[], record: TrialRecord): readonly Step[] {
  const done = record.steps.map(({ name }) => name)
  return steps.filter(({ name }) => !done.includes(name))
}

/** @throws ToldEnd after Ctrl-C, and when a step failed. */
function endTrial({ aborted, reason }: AbortSignal, { steps }: TrialRecord): void {
  if (aborted) throw new ToldEnd(reason instanceof Interruption ? reason.exitCode : EXIT.failed)
  if (steps.some(({ result }) => result === 'failed')) throw new ToldEnd(EXIT.failed)
}

/** @throws CommandLineError when there is no person to ask. */
function personOf(
  { options, surroundings }: Invocation,
  stop: AbortController,
): Pick<BegunTrial, 'person' | 'terminal'> {
  const { stdin: input, stderr } = surroundings
  const terminal = { input, output: stderr, onInterrupt: () => stop.abort(new Interruption('SIGINT')) }
  if (options.flag('yes')) return { terminal, person: AGREEING }
  if (input.isTTY !== true) throw badUsage('the trial asks at a terminal on stdin; --yes asks nothing')
  return { terminal, person: new PersonAtTerminal(terminal) }
}

/** A trial that begins, or goes on. */
interface Beginning {
  readonly state: TrialState
  readonly openFolder: () => Promise<TrialFolder>
}

async function beginning(
  { options, surroundings: { version } }: Invocation,
  role: TrialRole,
  { radio }: { readonly radio: string },
): Promise<Beginning> {
  const [resumed, out, origin] = [options.text('resume'), options.text('out'), readOrigin(options)]
  if (resumed !== undefined) return await resume(resumed, { origin, out }, role)
  const date = dayOf(new Date().toISOString())
  const record: TrialRecord = { role, date, version, radio, simulated: false, devices: [], steps: [] }
  return {
    state: { origin: origin ?? TRIAL_ORIGIN, record, passkeys: [] },
    openFolder: () => TrialFolder.create(resolve(out ?? `fido-hybrid-trial-${date}`)),
  }
}

/** @throws CommandLineError for options that are settled by the trial that goes on. */
async function resume(
  path: string,
  others: Readonly<Record<string, string | undefined>>,
  role: TrialRole,
): Promise<Beginning> {
  const other = Object.entries(others).find(([, value]) => value !== undefined)
  if (other !== undefined) throw badUsage(`--${other[0]} and --resume: the trial that goes on has it already`)
  const { folder, state } = await TrialFolder.resume(resolve(path))
  const { record } = state
  if (record.role !== role) throw badUsage(`--resume: in this trial the command is the ${record.role}`)
  return { state, openFolder: () => Promise.resolve(folder) }
}
