import type { Finding } from '../../ports/finding.js'
import { isBluez } from '../options/proximity.js'
import type { TunnelSettings } from '../options/tunnel.js'
import { bluezFindings } from './bluez-findings.js'
import type { Environment } from './environment.js'
import { problem } from './finding.js'
import type { DoctorFinding } from './finding.js'
import { capabilityFinding, isNative } from './native-findings.js'
import { proxyFinding } from './proxy-finding.js'
import { radioCure } from './radio-cure.js'
import type { RoleReport } from './role-examination.js'
import { remoteFinding } from './remote.js'
import type { Remote } from './remote.js'
import type { Sandbox } from './sandbox.js'
import { withServiceCure } from './service-findings.js'
import type { Attempt } from './watched-radio.js'

/** The machine that a role is looked at on. */
export interface ExaminedMachine {
  readonly environment: Environment
  readonly sandbox: Sandbox | undefined
  readonly remote: Remote | undefined
  /** Environment variable `DBUS_SYSTEM_BUS_ADDRESS`. */
  readonly busAddress: string | undefined
  /** How the tunnel service is dialled. */
  readonly dialer: TunnelSettings['dialer']
}

/** What a role says of itself, and what the machine shows about the reasons, each with the cure for this machine. */
export async function roleFindings(
  { findings, elsewhere, attempts, dialled }: RoleReport,
  machine: ExaminedMachine,
): Promise<readonly DoctorFinding[]> {
  const behind = await machineFindings(attempts, machine)
  const [radio, ...others] = findings
  if (radio === undefined) return behind
  const used = attempts.find(({ failure }) => failure === undefined || failure.message === radio.detail)
  const rest = attempts.filter(attempt => attempt !== used)
  return [
    radioFinding(radio, used, behind, machine),
    ...(dialled === undefined ? [] : [proxyFinding(dialled, machine.dialer)]),
    ...others.map(each => (dialled === undefined ? each : withServiceCure(each, dialled))),
    ...elsewhere,
    ...rest.flatMap(attempt => otherAdapter(attempt, behind, machine)),
    ...behind,
    ...(machine.remote === undefined ? [] : [remoteFinding(machine.remote)]),
  ]
}

function radioFinding(
  radio: Finding,
  used: Attempt | undefined,
  behind: readonly DoctorFinding[],
  machine: ExaminedMachine,
): DoctorFinding {
  if (used === undefined) return { ...radio, ...withoutRadio(radio) }
  const detail = `${used.name}: ${radio.detail}`
  const cure = used.failure === undefined ? undefined : cureOf(used.name, used.failure, behind, machine)
  return { ...radio, detail, ...(cure !== undefined && { cure }) }
}

/** The cure where this system cannot play the role at all: another system. */
function withoutRadio({ code }: Finding): { readonly cure?: string } {
  return code === 'capability-missing'
    ? { cure: 'Use Linux for this role, or play nearness with an air hub (fido-hybrid lab).' }
    : {}
}

function otherAdapter(
  { name, failure }: Attempt,
  behind: readonly DoctorFinding[],
  machine: ExaminedMachine,
): readonly DoctorFinding[] {
  if (failure === undefined) return []
  const finding = problem('other-adapter', failure, cureOf(name, failure, behind, machine))
  return [{ ...finding, detail: `${name}: ${failure.message}` }]
}

/** The first step that is missing on the way to BlueZ is what has to be mended. */
function cureOf(
  name: string,
  failure: NonNullable<Attempt['failure']>,
  behind: readonly DoctorFinding[],
  { environment, sandbox, remote }: ExaminedMachine,
): string | undefined {
  if (!isBluez(name)) return radioCure(name, failure, environment, { sandbox, remote })
  return behind.find(({ ok, code }) => !ok && code === failure.code)?.cure
}

/** Only what the adapters that were tried depend on. */
async function machineFindings(
  attempts: readonly Attempt[],
  { environment, sandbox, busAddress }: ExaminedMachine,
): Promise<readonly DoctorFinding[]> {
  if (environment.platform !== 'linux') return []
  const bluez = attempts.some(({ name }) => isBluez(name))
  const native = attempts.some(({ name, failure }) => isNative(name) && failure?.code !== 'package-missing')
  return [
    ...(bluez ? await bluezFindings(environment, { sandbox, busAddress }) : []),
    ...(native ? [await capabilityFinding(environment, sandbox)] : []),
    ...(bluez || native ? [sandboxFinding(sandbox)] : []),
  ]
}

function sandboxFinding(sandbox: Sandbox | undefined): DoctorFinding {
  return {
    check: 'sandbox',
    ok: true,
    detail:
      sandbox === undefined ? 'none' : `this runs in ${sandbox.kind === 'wsl' ? 'WSL' : `a ${sandbox.kind}`}`,
  }
}
