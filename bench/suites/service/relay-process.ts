import { setTimeout as pause } from 'node:timers/promises'
import { answerQuestions } from '../../harness/children.js'
import { RELAYS } from './relays.js'

const BYTES_PER_KIB = 1024
/** Sockets free what they have in later ticks. */
const SETTLE_MS = 300

/** A relay in a process of its own: `node --expose-gc relay-process.js KIND`. */
const port = await RELAYS[process.argv[2] as keyof typeof RELAYS]()

answerQuestions({
  port: () => port,
  /** Microseconds of processor time since the start. */
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  /** KiB of the whole process, without garbage. */
  memory: async () => {
    globalThis.gc?.()
    await pause(SETTLE_MS)
    globalThis.gc?.()
    return process.memoryUsage.rss() / BYTES_PER_KIB
  },
})
