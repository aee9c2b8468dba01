import { expect, test } from 'vitest'
import { interleave } from '../../bench/harness/rounds.js'
import type { Pace } from '../../bench/harness/rounds.js'
import { generator } from '../../bench/harness/statistics.js'

const PACE: Pace = { rounds: 6, sampleMs: 8, warmUpMs: 40 }

/** A machine on which only what is told takes time. */
function playedMachine() {
  let time = 0
  return {
    spend: (ms: number) => void (time += ms),
    instruments: { now: () => time, random: generator(1) },
  }
}

test('each round runs every variant once, in changing order', async () => {
  const { instruments } = playedMachine()
  const seen: string[] = []
  const variants = ['a', 'b', 'c'].map(name => ({ name, sample: () => seen.push(name) }))
  const samples = await interleave(variants, PACE, instruments)
  const rounds = Array.from({ length: PACE.rounds }, (_, round) => seen.slice(3 * round, 3 * round + 3))
  for (const round of rounds) expect(round.toSorted()).toEqual(['a', 'b', 'c'])
  expect(new Set(rounds.map(round => round.join())).size).toBeGreaterThan(1)
  expect(Array.from(samples, ([name, values]) => [name, values.length])).toEqual([
    ['a', 6],
    ['b', 6],
    ['c', 6],
  ])
})

test('a timed variant is told in microseconds a run, plain or awaited', async () => {
  const { spend, instruments } = playedMachine()
  const samples = await interleave(
    [
      { name: 'plain', run: () => spend(0.25) },
      {
        name: 'awaited',
        run: async () => {
          await Promise.resolve()
          spend(0.5)
        },
      },
    ],
    PACE,
    instruments,
  )
  expect(samples.get('plain')).toEqual(Array.from({ length: 6 }, () => 250))
  expect(samples.get('awaited')).toEqual(Array.from({ length: 6 }, () => 500))
})

test('samples last as long as the pace says, and what they use up is made before, untimed', async () => {
  const { spend, instruments } = playedMachine()
  const prepared: number[] = []
  const indices: number[] = []
  const samples = await interleave(
    [
      {
        name: 'work',
        prepare: runs => {
          prepared.push(runs)
          indices.length = 0
          spend(1000)
        },
        run: index => {
          indices.push(index)
          spend(2)
        },
      },
    ],
    PACE,
    instruments,
  )
  expect(prepared.slice(-6)).toEqual([4, 4, 4, 4, 4, 4])
  expect(indices).toEqual([0, 1, 2, 3])
  expect(samples.get('work')).toEqual([2000, 2000, 2000, 2000, 2000, 2000])
})

test('two variants of one name are refused', async () => {
  const twice = { name: 'same', sample: () => 1 }
  await expect(interleave([twice, twice], PACE)).rejects.toThrow('two variants are called same')
})
