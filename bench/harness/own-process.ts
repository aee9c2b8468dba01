import { setTimeout as pause } from 'node:timers/promises'

const BYTES_PER_KIB = 1024
/** Sockets free what they have in later ticks. */
const SETTLE_MS = 300

/** What a process answers of itself; it is started with `--expose-gc`. */
export const OWN_PROCESS = {
  /** Microseconds of processor time since the start. */
  cpu: (): number => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  /** KiB of the whole process, without garbage. */
  memory: async (): Promise<number> => {
    globalThis.gc?.()
    await pause(SETTLE_MS)
    globalThis.gc?.()
    return process.memoryUsage.rss() / BYTES_PER_KIB
  },
}
