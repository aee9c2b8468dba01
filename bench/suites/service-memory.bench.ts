import { runChild } from '../harness/children.js'
import type { Suite } from '../harness/group.js'
import { idleMemory } from './service/memory.js'
import { RELAY_NAMES as NAMES, relayKinds } from './service/relay-kinds.js'

const COUNTS = [1000, 5000]
const [QUICK_COUNTS, ROUNDS] = [[200], 5]
/** Each process has both sockets of a tunnel. */
const [FILES_PER_TUNNEL, SPARE_FILES] = [2, 200]

/** Memory per idle tunnel; a new relay process for every sample. */
export const measure: Suite = async context => {
  const files = await mayOpenFiles()
  const counts = (context.quick ? QUICK_COUNTS : COUNTS).filter(count => {
    const needed = count * FILES_PER_TUNNEL + SPARE_FILES
    if (needed > files)
      context.omit({
        name: `${count} tunnels`,
        reason: `ulimit -n allows ${files} files, ${needed} are needed`,
      })
    return needed <= files
  })
  if (counts.length === 0) return
  const rounds = context.quick ? 1 : ROUNDS
  const samples = new Map((await relayKinds(context)).map(kind => [kind, [] as number[][]]))
  for (let round = 0; round < rounds; round++)
    for (const [kind, taken] of samples) taken.push(await idleMemory(kind, counts))
  for (const [index, count] of counts.entries())
    await context.group({
      name: `${count} tunnels`,
      title: `Memory of the relay for each of ${count} idle tunnels`,
      unit: 'KiB',
      pace: { rounds },
      variants: Array.from(samples, ([kind, taken]) => {
        const values = taken.map(each => each[index] ?? NaN)
        return { name: NAMES[kind], sample: () => values.shift() ?? NaN }
      }),
      claims: [
        { of: NAMES.service, against: NAMES.ws, atMost: 1.2 },
        { of: NAMES.service, against: NAMES.go, measure: 'cost' },
        { of: NAMES.service, against: NAMES.tcp, measure: 'cost' },
      ],
    })
}

async function mayOpenFiles(): Promise<number> {
  try {
    const { stdout } = await runChild('sh', ['-c', 'ulimit -n'], { timeLimitMs: 5000 })
    return stdout.trim() === 'unlimited' ? Infinity : Number(stdout)
  } catch {
    return Infinity
  }
}
