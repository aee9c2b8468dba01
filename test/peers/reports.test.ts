import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const REPORTS = 'test/peers/reports'
const [, PROVEN = ''] = readFileSync('README.md', 'utf8').split('\n## Proven with whom\n')
const rows = (PROVEN.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| '))

/** What a report says of its run: who, and how many cells of how many passed. */
const reports = readdirSync(REPORTS).map(file => {
  const page = readFileSync(`${REPORTS}/${file}`, 'utf8')
  const [, peer = '', version = ''] = /^# (\S+).*? (\d[\d.]*)/.exec(page) ?? []
  const [counts = ''] = /\d+ of \d+/.exec(page) ?? []
  return { file, peer, version, counts }
})

test.each(reports)('the README has what $file says', ({ peer, version, counts }) => {
  expect(counts).not.toBe('')
  const row = rows.find(line => line.startsWith(`| ${peer} `))
  const told = /^\| \S+ ([\d.]+)/.exec(row ?? '')?.[1] ?? 'no version'
  expect(`${version}.`).toContain(`${told}.`)
  expect(row).toContain(counts)
})

test('the README names no peer without a report but the one that is in npm test', () => {
  const named = rows.slice(2).map(line => line.split(' ')[1])
  const known = new Set([...reports.map(({ peer }) => peer), '@simplewebauthn/browser'])
  expect(named.filter(name => !known.has(name ?? ''))).toEqual([])
})
