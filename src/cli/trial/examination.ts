import { SECOND_MS } from '../../ports/clock.js'
import { findRemote } from '../doctor/remote.js'
import { lookAtClient, lookAtPhone } from '../doctor/role-examination.js'
import type { ExaminedRole, Examination } from '../doctor/role-examination.js'
import { roleFindings } from '../doctor/role-findings.js'
import { findSandbox } from '../doctor/sandbox.js'
import { findingText } from '../doctor/text.js'

/** Two radios that say nothing for 5 s each, and their ends. */
const LIMIT_MS = 20 * SECOND_MS

/** What is looked at. */
export type TrialMachine = Pick<Examination, 'surroundings' | 'output' | 'tunnel' | 'scan' | 'advertise'>

/**
 * Looks at the machine as `doctor` does, and tells what it finds.
 * @returns `works`, or the code of the first thing that is missing. @throws UsageError `aborted`.
 */
export async function examine(role: ExaminedRole, machine: TrialMachine): Promise<string> {
  const { surroundings, output, tunnel } = machine
  const { environment, env } = surroundings
  const examination = { ...machine, environment, limitMs: LIMIT_MS }
  const look = role === 'client' ? lookAtClient(examination) : lookAtPhone(examination)
  const sandbox = await findSandbox(environment, env)
  const busAddress = env['DBUS_SYSTEM_BUS_ADDRESS']
  const findings = await roleFindings(await look(), {
    environment,
    sandbox,
    remote: findRemote(env),
    busAddress,
    dialer: tunnel.dialer,
  })
  for (const finding of findings) output.note(findingText(finding, output.colors))
  // Phones of other makers are met elsewhere, and the phone of a trial may not be one of them.
  const missing = findings.find(({ ok, check }) => !ok && check !== 'other-service')
  return missing === undefined ? 'works' : (missing.code ?? 'does-not-work')
}
