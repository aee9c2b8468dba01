import { afterAll, expect, test } from 'vitest'
import { TransitionCount } from './transitions.js'
import { walk } from './walk.js'

/** `WALKS=100000 npm run test:walks`; `FIRST=` is where the seeds begin, to repeat one. */
const WALKS = Number(process.env['WALKS'] ?? 2000)
const FIRST = Number(process.env['FIRST'] ?? 1)
/** So many visit every transition, whatever the seeds. */
const ENOUGH = 2000

const transitions = new TransitionCount()
afterAll(transitions.listen())

test(`${WALKS} walks end, in peace or with an error, and leave nothing behind`, () => {
  const ends = new Map<string, number>()
  for (let seed = FIRST; seed < FIRST + WALKS; seed++) {
    const { client, phone } = reproducibly(seed)
    const end = `client ${client}, phone ${phone}`
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  if (WALKS < ENOUGH) return
  expect(transitions.unvisited).toEqual([])
  report(ends)
})

function reproducibly(seed: number): ReturnType<typeof walk>['ends'] {
  try {
    return walk(seed, transitions.around).ends
  } catch (cause) {
    throw new Error(`walk ${seed} (WALKS=1 FIRST=${seed} npm run test:walks)`, { cause })
  }
}

function report(ends: ReadonlyMap<string, number>): void {
  const { counts, unvisited } = transitions
  const rows = (map: ReadonlyMap<string, number>): string =>
    [...map]
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `  ${String(count).padStart(7)}  ${name}\n`)
      .join('')
  process.stdout.write(
    `${WALKS} walks; ${counts.size - unvisited.length} of ${counts.size} transitions:\n${rows(counts)}`,
  )
  process.stdout.write(`${ends.size} ways to end:\n${rows(ends)}`)
}
