import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOLDERS = ['harness', 'suites', 'profiling', 'plots', 'native']

test('what a benchmark runs imports the built package, and nothing of its sources', () => {
  const files = FOLDERS.flatMap(folder =>
    readdirSync(`bench/${folder}`, { recursive: true, encoding: 'utf8' }).map(
      name => `bench/${folder}/${name}`,
    ),
  ).filter(path => path.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter(path => /from '[./]+\/src\//.test(readFileSync(path, 'utf8')))).toEqual([])
})
