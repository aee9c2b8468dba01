import { expect, test } from 'vitest'
import { fitsGlob, selected } from '../../src/conform/selection.js'

test.each([
  ['answer-empty', 'answer-empty', true],
  ['answer-empty', 'answer-*', true],
  ['answer-empty', '*empty', true],
  ['answer-empty', '*', true],
  ['answer-empty', '*r-e*', true],
  ['answer-empty', 'answer', false],
  ['answer-empty', 'empty', false],
  ['answer-empty', 'answer.empty', false],
  ['answer-empty', 'answer-empt?', false],
  ['answer-empty', '', false],
  ['a.b', 'a.b', true],
])('of %s and %s the fit is %s', (name, glob, fits) => {
  expect(fitsGlob(name, glob)).toBe(fits)
})

test('what fits one of several patterns is selected once, in its order', () => {
  const all = [{ name: 'a' }, { name: 'ab' }, { name: 'b' }]
  expect(selected(all, ['ab', 'a*'])).toEqual([{ name: 'a' }, { name: 'ab' }])
  expect(selected(all, [])).toEqual(all)
  expect(selected(all, ['c'])).toEqual([])
})
