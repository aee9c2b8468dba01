import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Sample, SoakReport } from './soaked-process.js'

const SOAK = Number(process.env['SOAK'] ?? 10_000)
const SEED = Number(process.env['SOAK_SEED'] ?? 7)
const MIB = 1024 * 1024
/** Compiled code, caches of the runtime, and what the garbage collector has not got round to. */
const MAX_GROWTH_BYTES = 8 * MIB
/** The listener of the service; however many sockets and timers came and went. */
const RESOURCES = 1
const SECOND_MS = 1000

async function soak(): Promise<SoakReport> {
  const program = fileURLToPath(new URL('soaked-process.ts', import.meta.url))
  const execArgv = ['--expose-gc', '--unhandled-rejections=strict', '--import', 'tsx']
  const child = fork(program, [String(SOAK), String(SEED)], { execArgv })
  const exited = once(child, 'exit')
  const outcome = await Promise.race([once(child, 'message'), exited.then(() => undefined)])
  const [code] = (await exited) as [number | null]
  expect(code).toBe(0)
  if (outcome === undefined) throw new Error('the soaked process said nothing')
  return (outcome as [SoakReport])[0]
}

it(`${SOAK} registrations with faults complete or fail on both sides, and leave nothing behind`, async () => {
  const began = performance.now()
  const report = await soak()
  process.stderr.write(summary(report, (performance.now() - began) / SECOND_MS))
  const { ends, samples, faults } = report
  expect(ends.completed + ends.failed + ends.torn).toBe(SOAK)
  expect(ends.completed).toBeGreaterThan(SOAK / 2)
  for (const count of Object.values(faults)) expect(count).toBeGreaterThan(0)
  const [first, last] = [samples.at(0), samples.at(-1)]
  if (first === undefined || last === undefined) throw new Error('nothing was measured')
  for (const { load } of samples)
    expect(Object.values<number>({ ...load }).every(value => value === 0)).toBe(true)
  for (const { resources } of samples) expect(resources).toBe(RESOURCES)
  expect(last.usedBytes - first.usedBytes).toBeLessThan(MAX_GROWTH_BYTES)
})

function summary({ ends, codes, faults, moments, samples, cpuSeconds }: SoakReport, seconds: number): string {
  const met = Object.values(faults).reduce((one, other) => one + other, 0)
  return [
    `${SOAK} registrations in ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU (seed ${SEED}): ${ends.completed} completed, ${ends.failed} failed`,
    `  on both sides, ${ends.torn} lost the goodbye alone and stay unconfirmed on the phone`,
    `  ${met} of ${moments} moments met a fault: ${counts(faults)}`,
    `  error codes of both sides: ${counts(codes)}`,
    `  after garbage collection: ${samples.map(sampleText).join('; ')}`,
    '',
  ].join('\n')
}

function sampleText({ registrations, usedBytes, resources, load }: Sample): string {
  const held = Object.values<number>({ ...load }).reduce((one, other) => one + other, 0)
  return `${registrations}: ${(usedBytes / MIB).toFixed(1)} MiB, ${resources} handles, service holds ${held}`
}

function counts(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
