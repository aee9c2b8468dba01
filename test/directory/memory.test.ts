import { describe, it } from 'vitest'
import { directoryCompliance } from '../../src/testing/directory-compliance.js'
import { memoryDirectory } from '../../src/testing/memory-directory.js'

describe('the directory in memory', () => {
  const directory = memoryDirectory()
  const cases = directoryCompliance({
    makeDirectory: () => directory,
    stop: () => {
      directory.stop()
      return Promise.resolve()
    },
    start: () => {
      directory.start()
      return Promise.resolve()
    },
  })
  for (const { name, run } of cases) it(name, run)
})
