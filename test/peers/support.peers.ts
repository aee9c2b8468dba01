import { expect, test } from 'vitest'
import { lacking, program } from './support/peer.js'
import { cellsOf, reportPage } from './support/report.js'

test('the first thing that is missing is the reason', () => {
  expect(lacking()).toBeUndefined()
  expect(lacking(program(process.execPath, 'it runs this'))).toBeUndefined()
  expect(
    lacking(
      program(process.execPath, 'it runs this'),
      program('no-such-program-a', 'install a'),
      program('no-such-program-b', 'install b'),
    ),
  ).toBe('no no-such-program-a: install a')
})

test('a run’s cells are its tests, with their headings', () => {
  const cells = cellsOf({
    tasks: [
      { type: 'test', name: 'signs in', result: { state: 'pass' } },
      {
        type: 'suite',
        name: 'linked',
        tasks: [
          { type: 'test', name: 'signs in', result: { state: 'fail' } },
          { type: 'test', name: 'busy', result: undefined },
        ],
      },
    ],
  } as never)
  expect(cells).toEqual([
    { flow: 'signs in', result: 'passed' },
    { flow: 'linked: signs in', result: 'failed' },
    { flow: 'linked: busy', result: 'skipped' },
  ])
  expect(reportPage('libwebauthn', '0.11.0', '2026-11-30', cells)).toBe(
    [
      '# libwebauthn 0.11.0',
      '',
      'Run on 2026-11-30: 1 of 3 cells passed, 1 skipped.',
      '',
      '| flow             | result  |',
      '| ---------------- | ------- |',
      '| signs in         | passed  |',
      '| linked: signs in | failed  |',
      '| linked: busy     | skipped |',
      '',
    ].join('\n'),
  )
})
