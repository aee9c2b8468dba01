import { expect, test } from 'vitest'
import { chooseLink, chooseLinkToEnd } from '../../src/cli/options/link.js'
import type { Link } from '../../src/ports/link-store.js'
import { sampleLink } from '../support/link-samples.js'

const links: readonly Link[] = ['Ada’s phone', 'Bob', 'Adrian’s phone'].map((name, at) =>
  sampleLink(at + 1, { name }),
)
const toEnd = (name: string): string => chooseLinkToEnd(links, name).name

test.each([
  ['Ada’', 'Ada’s phone'],
  ['Ada’s', 'Ada’s phone'],
  ['Adri', 'Adrian’s phone'],
  ['Bob', 'Bob'],
])('%s is enough to end the link with %s', (given, name) => {
  expect(toEnd(given)).toBe(name)
})

test.each(['', 'A', 'Ada', 'Bo'])('%j is too short to end a link', given => {
  expect(() => toEnd(given)).toThrow(
    expect.objectContaining({
      code: 'argument-invalid',
      message: `${given} is too short: give at least 4 letters of the name`,
    }) as Error,
  )
})

test('to call a phone, any beginning of its name is enough', () => {
  expect(chooseLink(links, 'Ada').name).toBe('Ada’s phone')
})
