import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { TemporaryFolder } from './temporary-folder.js'

/** What a test has of its folder; hooks make and remove it. */
export type TestFolder = Pick<TemporaryFolder, 'path' | 'at' | 'names'>

/** A fresh folder for each test, gone afterwards. Call it at the top of a test file, before hooks that end what writes into it. */
export function useFolderPerTest(): TestFolder {
  const folder = new TemporaryFolder()
  beforeEach(() => folder.make())
  afterEach(() => folder.remove())
  return folder
}

/** One folder for all tests of a file or a `describe`, likewise. */
export function useFolderPerFile(): TestFolder {
  const folder = new TemporaryFolder()
  beforeAll(() => folder.make())
  afterAll(() => folder.remove())
  return folder
}
