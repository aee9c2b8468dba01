import { Option } from 'commander'
import { channelFinding } from './channel-finding.js'
import type { DoctorFinding } from './finding.js'
import { pageFindings } from './page-findings.js'
import { findRemote } from './remote.js'
import { lookAtClient, lookAtPhone } from './role-examination.js'
import type { ExaminedRole } from './role-examination.js'
import { roleFindings } from './role-findings.js'
import { findSandbox } from './sandbox.js'
import { findingText, verdictText } from './text.js'
import { badUsage, EXIT, ToldEnd } from '../failure.js'
import { dataChannelOption } from '../options/data-channel.js'
import type { GivenOptions } from '../options/given.js'
import type { AddCommands, Invocation } from '../invocation.js'
import type { Output } from '../output.js'
import { createColors } from '../text/colors.js'
import { readTunnelOptions, withTunnelOptions } from '../options/tunnel.js'

/** Two radios that say nothing for 5 s each, and their ends. */
const DEFAULT_LIMIT_MS = 20_000

const AFTER = `
Starts each radio for a moment, dials the tunnel services, and changes nothing. Exit code 0: at least the client role
works; else 1, without an error event. With --json: {"event":"finding","role":…,"check":…,"ok":…,"detail":…} for each,
with code and cure where something is missing; last {"event":"doctor","client":…,"phone":…}.
With --for page-tests it looks for what tests of the browser's own dialog need (launchWithAir), with the Debian packages;
role is "page-tests", and the last event {"event":"doctor","pageTests":…}. Exit code 0: nothing is missing.

Examples:
  fido-hybrid doctor
  fido-hybrid doctor --scan bluez --advertise bluez --tunnel-url wss://cable.example.com --json
  fido-hybrid doctor --data-channel ble
  fido-hybrid doctor --for page-tests`

/** The command that says what this machine lacks. */
export const addDoctorCommand: AddCommands = (doctor, bind) => {
  doctor
    .addOption(
      new Option('--for <what>', 'the role to look at').choices(['roles', 'page-tests']).default('roles'),
    )
    .option('--scan <how>', 'the laptop’s radio: auto|bluez|bluez:hciN|noble, air:URL', 'auto')
    .option('--advertise <how>', 'the phone’s radio: auto|bluez|bluez:hciN|bleno, air:URL', 'auto')
    .addOption(dataChannelOption('with ble or auto, also what a data channel over Bluetooth needs'))
    .addHelpText('after', AFTER)
  bind(withTunnelOptions(doctor, 'limit for the look at each role (default 20)'), examine)
}

async function examine(invocation: Invocation): Promise<void> {
  return invocation.options.text('for') === 'page-tests'
    ? examinePageTests(invocation)
    : examineRoles(invocation)
}

async function examinePageTests(invocation: Invocation): Promise<void> {
  const { output, surroundings } = invocation
  const findings = await pageFindings(surroundings.environment, surroundings.env['PATH'])
  const works = findings.every(({ ok }) => ok)
  tell(invocation, 'page-tests', findings)
  output.event({ event: 'doctor', pageTests: works })
  write(output, `page-tests: ${works ? 'work' : 'do not work'}`)
  if (!works) throw new ToldEnd(EXIT.failed)
}

async function examineRoles(invocation: Invocation): Promise<void> {
  const { options, output, surroundings } = invocation
  const { environment, env } = surroundings
  const tunnel = await readTunnelOptions(options, surroundings)
  const limitMs = tunnel.timeouts.ceremonyMs ?? DEFAULT_LIMIT_MS
  const examination = { surroundings, environment, output, tunnel, limitMs, ...radioOptions(options) }
  const looks = [lookAtClient(examination), lookAtPhone(examination)]
  const sandbox = await findSandbox(environment, env)
  const { dialer } = tunnel
  const busAddress = env['DBUS_SYSTEM_BUS_ADDRESS']
  const machine = { environment, sandbox, remote: findRemote(env), busAddress, dialer }
  const channel = options.text('dataChannel')
  const channels = channel === 'tunnel' ? [] : [await channelFinding(environment, sandbox)]
  const works = { client: false, phone: false }
  // One after the other: some adapters cannot do both at a time.
  for (const look of looks) {
    const report = await look()
    const needed = channel === 'ble' ? channels : []
    works[report.role] = [...report.findings, ...needed].every(({ ok }) => ok)
    tell(invocation, report.role, [...(await roleFindings(report, machine)), ...channels])
  }
  output.event({ event: 'doctor', ...works })
  write(output, verdictText(works))
  if (!works.client) throw new ToldEnd(EXIT.failed)
}

/** The two radios of `--scan` and `--advertise`. Text that stands in for a radio has nothing to look at. */
function radioOptions(options: GivenOptions): { readonly scan: string; readonly advertise: string } {
  const [scan, advertise] = [options.requiredText('scan'), options.requiredText('advertise')]
  if (scan === 'stdin') throw badUsage('--scan stdin needs no doctor; name a radio or air:URL')
  if (advertise === 'stdout') throw badUsage('--advertise stdout needs no doctor; name a radio or air:URL')
  return { scan, advertise }
}

function tell(
  { output, surroundings }: Invocation,
  role: ExaminedRole | 'page-tests',
  findings: readonly DoctorFinding[],
): void {
  const { stdout, stderr, env } = surroundings
  const sink = output.json ? stderr : stdout
  const colors = createColors(sink.isTTY === true && (env['NO_COLOR'] ?? '') === '')
  write(output, role)
  for (const finding of findings) {
    output.event({ event: 'finding', role, ...finding })
    write(output, findingText(finding, colors))
  }
}

/** The report is a result for people; with `--json` it is only a note. */
function write(output: Output, text: string): void {
  if (output.json) output.note(text)
  else output.line(text)
}
