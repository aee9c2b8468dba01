import { expect, it, vi } from 'vitest'
import { memoryDirectory } from '../../src/testing/memory-directory.js'
import { fillList } from '../support/full-list.js'

vi.mock('../../src/adapters/directory/kept-list.js', () => ({ MAX_KEPT: 3 }))

it('a list in memory that is full keeps what it has, tells of the rest, and warns once', async () => {
  const directory = memoryDirectory()
  const { kept, told, warnings } = await fillList(() => directory, 3)
  expect(told).toHaveLength(5)
  expect(kept).toEqual(told.slice(0, 3))
  expect(warnings).toEqual([
    expect.stringMatching(/^warned tunnel-limit the directory in memory has no room for more/),
  ])
})
