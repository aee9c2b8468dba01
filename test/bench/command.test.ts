import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { BenchResult } from '../../bench/harness/result.js'
import { Program } from '../support/program.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { resultOf } from './result-of.js'

const folder = useFolderPerTest()

const bench = (...args: readonly string[]) => new Program('bench/main.ts', { args }).ending()
const compare = (...args: readonly string[]) => new Program('bench/compare.ts', { args }).ending()

test('a quick run of one suite: a table or JSON on stdout, progress on stderr', async () => {
  const quick = ['--quick', '--no-build', '--filter', 'self'] as const
  const json = await bench(...quick, '--json')
  expect(json.code).toBe(0)
  const result = JSON.parse(json.stdout) as BenchResult
  expect(result).toMatchObject({ version: 1, quick: true, machine: { node: process.version } })
  expect(result.groups).toMatchObject([
    { suite: 'self', unit: 'µs', rounds: 15, claims: [{ measure: 'speed', of: 'a hash' }] },
  ])
  for (const { p10, p90 } of result.groups[0]?.variants ?? []) expect(p90).toBeGreaterThanOrEqual(p10)
  expect(json.stderr).toContain('1/1 self')

  const table = await bench(...quick, '--json', folder.at('deep', 'result.json'))
  expect(table.stdout).toContain(`Node ${process.version}, OpenSSL ${process.versions.openssl}`)
  expect(table.stdout).toMatch(/the same hash +[\d.]+ +p50 [\d.]+, p90 [\d.]+/)
  expect(table.stdout).not.toMatch(/\u001b/)
  expect(JSON.parse(readFileSync(folder.at('deep', 'result.json'), 'utf8'))).toMatchObject({ version: 1 })
})

test('a quick run leaves out what takes long to set up, and says so', async () => {
  const { code, stdout } = await bench('--quick', '--no-build', '--filter', 'cluster', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    groups: [],
    omitted: [{ name: 'cluster', reason: 'too slow for a quick run' }],
  })
})

test('help and the list say what there is; what there is not is bad usage', async () => {
  const [help, list, unknown, node] = await Promise.all([
    bench('--help'),
    bench('--list'),
    bench('--filter', 'nothing-like-it'),
    bench('--node', '3'),
  ])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('Examples:')
  expect(list.stdout).toMatch(/^handshake-kn +\S/m)
  expect(unknown).toMatchObject({ code: 2, stdout: '' })
  expect(unknown.stderr).toContain('no suite has “nothing-like-it”')
  expect(node).toMatchObject({ code: 2, stdout: '' })
})

const claim = (value: number) =>
  ({ of: 'ours', against: 'bare', measure: 'speed', value, low: value - 0.01, high: value + 0.01 }) as const

test('two runs are compared, and with --fail what got worse fails', async () => {
  const [before, after] = [folder.at('before.json'), folder.at('after.json')]
  writeFileSync(before, JSON.stringify(resultOf([claim(1)])))
  writeFileSync(after, JSON.stringify(resultOf([claim(0.5)])))
  const [told, failed, same, bad] = await Promise.all([
    compare(before, after),
    compare(before, after, '--fail'),
    compare(after, after, '--fail'),
    compare(before),
  ])
  expect(told).toMatchObject({ code: 0, stderr: '' })
  expect(told.stdout).toMatch(/^worse +× 0\.50 .*suite\/group: ours, speed against bare$/m)
  expect(failed.code).toBe(1)
  expect(same.code).toBe(0)
  expect(same.stdout).toContain('1 ratios compared, 1 within noise')
  expect(bad.code).toBe(2)
})
