import { expect } from 'vitest'

/** Fails for what no XML reader takes: tags that do not pair, bare `<` and `&`. */
export function checkWellFormed(xml: string): void {
  const open: string[] = []
  for (const [, closing, name = '', inside = ''] of xml.matchAll(/<(\/?)([a-zA-Z]+)([^<>]*)>/g)) {
    if (closing === '/') expect(name).toBe(open.pop())
    else open.push(name)
    expect(inside.replace(/ [a-zA-Z0-9-]+="[^"]*"/g, '')).toBe('')
  }
  expect(open).toEqual([])
  expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/)
}
