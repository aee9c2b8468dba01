import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Names this process to others on this machine: where it runs, and its number there. */
export function processName(): string {
  return `${process.pid}@${place()}`
}

/** Whether a name is that of a process that is no more; false for one that is elsewhere, of which nobody here can know. */
export function isDead(name: string): boolean {
  const [, pid = '', where] = /^(\d+)@(\S+)/.exec(name) ?? []
  if (where !== place()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

// Containers may have the host’s name and numbers of their own.
function place(): string {
  return `${hostname()}/${numbering()}`
}

function numbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
