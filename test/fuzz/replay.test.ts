import { describe, expect, test } from 'vitest'
import { corpusOf, findingsOf } from './corpus.js'
import { TARGETS } from './targets.js'

describe.each(TARGETS)('$name', target => {
  const known = [...target.seeds(), ...corpusOf(target)]

  test(`holds for the ${known.length} inputs that are kept of it`, async () => {
    expect(known.length).toBeGreaterThan(0)
    for (const input of known) {
      try {
        await target.run(input)
      } catch (cause) {
        throw new Error(`input ${Buffer.from(input).toString('base64')}`, { cause })
      }
    }
  })

  for (const { name, bytes } of findingsOf(target))
    test(`${name} breaks nothing any more`, async () => {
      await target.run(bytes)
    })
})
