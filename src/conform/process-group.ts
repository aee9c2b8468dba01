import type { ChildProcess } from 'node:child_process'

/** Signals a child that leads a process group, and all that it has started; on Windows the child alone. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch {
    // None of the group is left.
  }
}
