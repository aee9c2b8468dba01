import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LAPTOP_STEPS } from '../../src/cli/trial/laptop-steps.js'
import { PHONE_STEPS } from '../../src/cli/trial/phone-steps.js'
import type { StepResult, TrialRecord } from '../../src/cli/trial/record.js'
import { TRIALS_COLUMNS, trialsRow } from '../../src/cli/trial/report-markdown.js'
import { readSeen } from '../../src/cli/trial/seen.js'
import { judge } from '../../src/cli/trial/step.js'
import { headingOf } from '../../src/cli/trial/text.js'
import { createColors } from '../../src/cli/text/colors.js'

const TRIALS = readFileSync(new URL('../../TRIALS.md', import.meta.url), 'utf8')

describe('what the person says of a step', () => {
  test.each<[answer: string, result: StepResult, expected: unknown]>([
    ['', 'passed', { does: 'go-on', asDescribed: true, note: undefined }],
    ['', 'failed', { does: 'go-on', asDescribed: false, note: undefined }],
    ['', 'not-offered', { does: 'go-on', asDescribed: true, note: undefined }],
    ['Y', 'failed', { does: 'go-on', asDescribed: true, note: undefined }],
    ['n  it asked twice', 'passed', { does: 'go-on', asDescribed: false, note: 'it asked twice' }],
    ['it asked twice', 'passed', { does: 'go-on', asDescribed: true, note: 'it asked twice' }],
    ['no code was there', 'failed', { does: 'go-on', asDescribed: false, note: 'no code was there' }],
    ['r', 'passed', { does: 'repeat', asDescribed: false, note: undefined }],
    ['s too far', 'failed', { does: 'skip', asDescribed: false, note: 'too far' }],
    ['q', 'passed', { does: 'quit', asDescribed: true, note: undefined }],
    ['q', 'failed', { does: 'quit', asDescribed: false, note: undefined }],
  ])('“%s” after one that %s', (answer, result, expected) => {
    expect(readSeen(answer, result)).toEqual(expected)
  })

  test('is nothing when they have left', () => {
    expect(readSeen(undefined, 'passed')).toBeUndefined()
  })
})

describe('a step', () => {
  const step = { name: 'x', title: 'X', todo: '', seen: '', tries: [], passes: ['a', 'b'], notOffered: ['c'] }
  test.each([
    [['b'], 'passed'],
    [['NotAllowedError', 'a'], 'passed'],
    [['c'], 'not-offered'],
    [['d'], 'failed'],
    [[], 'failed'],
  ])('that ended with %j is judged %s', (labels, result) => {
    expect(judge(step, labels)).toBe(result)
  })

  const all = [...LAPTOP_STEPS, ...PHONE_STEPS].map(({ name, title, todo, seen }) => ({
    name,
    title,
    todo,
    seen,
  }))
  test.each(all.map(each => [each.name, each] as const))('%s is told in plain lines', (_, each) => {
    const lines = headingOf(each, 14, 14, createColors(false)).split('\n')
    for (const line of lines) expect(line.length).toBeLessThan(80)
    expect(lines.length).toBeLessThan(12)
    expect(each.name).toMatch(/^[a-z-]+$/)
  })
})

describe('TRIALS.md', () => {
  const rows = TRIALS.split('\n').filter(line => line.startsWith('|'))
  const cellsOf = (row: string): readonly string[] =>
    row
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim())

  test('has the columns that a trial ends with', () => {
    expect(cellsOf(rows[0] ?? '')).toEqual(TRIALS_COLUMNS)
    for (const row of rows) expect(cellsOf(row)).toHaveLength(TRIALS_COLUMNS.length)
  })

  test('has no line of a simulated radio', () => {
    expect(rows.filter(row => row.includes('simulated'))).toEqual([])
  })

  test('takes what a person typed as text', () => {
    const record: TrialRecord = {
      role: 'laptop',
      date: '2026-01-02',
      version: '1.2.3',
      radio: 'bluez',
      simulated: false,
      devices: [
        { key: 'phone', answer: 'A | B' },
        { key: 'phoneSystem', answer: 'not said' },
        { key: 'laptop', answer: '<img src=x>' },
      ],
      steps: [
        { name: 'register', result: 'passed', tries: [] },
        { name: 'prf', result: 'not-offered', tries: [] },
        { name: 'refused', result: 'failed', tries: [] },
      ],
    }
    const steps = ['register', 'prf', 'refused', 'excluded'].map(name => ({ name, title: name }))
    expect(trialsRow(record, steps)).toBe(
      '| 2026-01-02 | laptop | A &#124; B | &#60;img src=x&#62; | bluez | 1.2.3 | 1 of 4 | failed: refused; not offered: prf; not done: excluded |',
    )
  })
})
