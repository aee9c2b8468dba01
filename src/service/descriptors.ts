import { readdir, readFile } from 'node:fs/promises'

/** Kept free for other things than connections: `onCall`, metrics, files, and a connection that is about to be refused. */
const RESERVE = 32
const OPEN_FILES_LIMIT = /^Max open files\s+(\d+)/m

/** File descriptors of this process, where the system reports them (Linux). */
export interface Descriptors {
  /** How many there may be. */
  readonly limit: number
  /** How many there are. */
  readonly open: number
}

/** @returns undefined where the system does not report them, or sets no limit. */
export async function countDescriptors(): Promise<Descriptors | undefined> {
  try {
    const [limits, open] = await Promise.all([
      readFile('/proc/self/limits', 'utf8'),
      readdir('/proc/self/fd'),
    ])
    const [, limit] = OPEN_FILES_LIMIT.exec(limits) ?? []
    return limit === undefined ? undefined : { limit: Number(limit), open: open.length }
  } catch {
    return undefined
  }
}

/** How many connections there is room for, when so many of the open descriptors are connections. */
export function roomForConnections({ limit, open }: Descriptors, connections: number): number {
  return Math.max(1, limit - RESERVE - (open - connections))
}
