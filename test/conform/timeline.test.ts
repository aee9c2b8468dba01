import { expect, test } from 'vitest'
import { Timeline } from '../../src/conform/timeline.js'

test.each([
  [200, 200, undefined],
  [201, 201, '1 more were not kept'],
  [1000, 201, '800 more were not kept'],
])('of %i moments %i are kept', (count, kept, last) => {
  const timeline = new Timeline()
  for (let noted = 0; noted < count; noted++) timeline.note('command', 'x')
  expect(timeline.moments).toHaveLength(kept)
  expect(timeline.moments[200]?.text).toBe(last)
})

test.each([
  [300, 300],
  [301, 300 + ' … (301 characters)'.length],
])('a text of %i letters is kept with %i', (length, kept) => {
  const timeline = new Timeline()
  timeline.note('command', 'x'.repeat(length))
  expect(timeline.moments[0]?.text).toHaveLength(kept)
})
