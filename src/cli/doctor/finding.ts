import type { HybridError } from '../../errors.js'
import type { Finding } from '../../ports/finding.js'

/** What a role says of itself, or what the machine shows about the reasons. */
export interface DoctorFinding extends Omit<Finding, 'check'> {
  readonly check: Finding['check'] | MachineCheck
}

/** What a role depends on without knowing it. */
type MachineCheck =
  | 'proxy'
  | 'other-adapter'
  | 'other-service'
  | 'session'
  | 'system-bus'
  | 'bluetooth-service'
  | 'bluetooth-adapter'
  | 'bluetooth-power'
  | 'sandbox'
  | 'capabilities'
  | 'data-channel'
  | PageCheck

/** What tests of the browser’s own dialog depend on. */
type PageCheck = 'system' | 'browser' | 'screen' | 'bus' | 'driver'

/** What is wrong, with the cure that fits this machine. */
export function problem(
  check: DoctorFinding['check'],
  { message, code, cure }: HybridError,
  better: string = cure,
): DoctorFinding {
  return { check, ok: false, detail: message, code, cure: better }
}
