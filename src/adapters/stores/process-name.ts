import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

const PLACE_LETTERS = 16
// proc(5): what follows the name of the program, from the third field on.
const STATE_FIELD = 0
const START_FIELD = 19
const GONE = ['Z', 'X']

/**
 * Names this process to others on this machine: its number, its start time, and the machine and namespace in which the
 * number is valid. It can be part of a file name.
 */
export function processName(): string {
  return `${process.pid}.${tellOf(process.pid)?.start ?? ''}.${place()}`
}

/** Whether a name begins with that of a process that has ended; false for a process elsewhere, which cannot be checked here. */
export function isDead(name: string): boolean {
  const [, pid = '', start, where] = /^(\d+)\.(\d*)\.([0-9a-f]+)/.exec(name) ?? []
  if (where !== place()) return false
  if (!isTaken(Number(pid))) return true
  const now = tellOf(Number(pid))
  return now !== undefined && start !== '' && (now.start !== start || GONE.includes(now.state))
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** What Linux reports about a process; undefined elsewhere, and for processes that are hidden. */
function tellOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  const fields = read(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
    .replace(/^.*\) /s, '')
    .split(' ')
  const [state, start] = [fields[STATE_FIELD], fields[START_FIELD]]
  return state === undefined || start === undefined ? undefined : { state, start }
}

// Containers may have the host’s name, and numbers of their own; after a start of the machine all numbers begin anew.
function place(): string {
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'))
  const numbering = read(() => readlinkSync('/proc/self/ns/pid'))
  const place = createHash('sha256').update([hostname(), boot, numbering].join('\0'))
  return place.digest('hex').slice(0, PLACE_LETTERS)
}

function read(look: () => string): string {
  try {
    return look()
  } catch {
    return ''
  }
}
