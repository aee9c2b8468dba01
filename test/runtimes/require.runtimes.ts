import { writeFile } from 'node:fs/promises'
import { beforeAll, expect } from 'vitest'
import { ENTRIES } from '../../.config/package-files.js'
import { installPackage } from '../support/installed-package.js'
import { useFolderPerFile } from '../support/test-folder.js'
import { testEachEngine } from './engines.js'

const NAMES = Object.keys(ENTRIES).filter(name => name !== 'cli' && name !== 'electron/preload')

const folder = useFolderPerFile()
let program: string

beforeAll(async () => {
  await installPackage(folder.path)
  // Deno takes packages from the folder where its manifest names them.
  await writeFile(folder.at('package.json'), '{ "dependencies": { "fido-hybrid": "*" } }')
  program = folder.at('all.cjs')
  const requires = NAMES.map(name => `require('fido-hybrid${name === 'index' ? '' : `/${name}`}')`)
  await writeFile(
    program,
    `console.log([${requires.join(', ')}].filter(entry => Object.keys(entry).length > 0).length)`,
  )
}, 60_000)

testEachEngine('takes every entry by require()', async engine => {
  expect(Number(await engine.run(program))).toBe(NAMES.length)
})
