import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const HERE = new URL('./', import.meta.url)
const ROW = /^\| (?<files>`[^|]+) \| (?<holds>[^|]+) \|/gm
const UNTRIED = ['no', 'not tried']

test('each applicable file of web-platform-tests has a test that names it', () => {
  const tests = readdirSync(HERE)
    .filter(name => name.endsWith('.test.ts'))
    .map(name => readFileSync(new URL(name, HERE), 'utf8'))
    .join('\n')
  const table = readFileSync(new URL('wpt.md', HERE), 'utf8')
  const rows = [...table.matchAll(ROW)].map(({ groups = {} }) => groups)
  expect(rows.length).toBeGreaterThan(35)
  const tried = rows.filter(({ holds = '' }) => !UNTRIED.includes(holds.trim()))
  const files = tried.flatMap(({ files = '' }) =>
    [...files.matchAll(/`([\w.-]+)`/g)].map(([, name = '']) => name),
  )
  // A title names several files that begin alike as one and the ends of the others: `getcredential-passing, -hints`.
  const isNamed = (file: string): boolean =>
    tests.includes(file) || tests.includes(`, ${file.slice(file.indexOf('-'))}`)
  expect(files.filter(file => !isNamed(file))).toEqual([])
})
