import { describe, it } from 'vitest'
import { directoryCompliance } from '../../src/testing/directory-compliance.js'
import { memoryDirectory } from '../../src/testing/memory-directory.js'

describe('the directory in memory', () => {
  const directory = memoryDirectory()
  const cases = directoryCompliance({
    makeDirectory: () => directory,
    stop: () => Promise.resolve(directory.stop()),
    start: () => Promise.resolve(directory.start()),
  })
  for (const { name, run } of cases) it(name, run)
})
