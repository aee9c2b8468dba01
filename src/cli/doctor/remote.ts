import type { DoctorFinding } from './finding.js'

/** How a user reaches a machine from elsewhere. */
export type Remote = 'ssh' | 'remote-desktop'

const WORDS: Readonly<Record<Remote, string>> = { ssh: 'over SSH', 'remote-desktop': 'in a remote desktop' }

/** @param variables the environment variables. @returns undefined for a user at the machine itself. */
export function findRemote(variables: Readonly<Record<string, string | undefined>>): Remote | undefined {
  if ((variables['SSH_CONNECTION'] ?? '') !== '') return 'ssh'
  // Windows names the session of its console `Console`, and those from afar `RDP-Tcp#1`.
  return /^rdp-/i.test(variables['SESSIONNAME'] ?? '') ? 'remote-desktop' : undefined
}

/** The radio is that of the machine, wherever its user is. */
export function remoteFinding(remote: Remote): DoctorFinding {
  const detail = `this runs ${WORDS[remote]}: the phone has to be near the machine that it runs on`
  return { check: 'session', ok: true, detail }
}
