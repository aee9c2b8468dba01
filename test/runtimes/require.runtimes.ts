import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { ENTRIES } from '../../.config/package-files.js'
import { installPackage } from '../support/installed-package.js'
import { testEachEngine } from './engines.js'

const NAMES = Object.keys(ENTRIES).filter(name => name !== 'cli' && name !== 'electron/preload')

let folder: string
let program: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'require-'))
  await installPackage(folder)
  // Deno takes packages from the folder where its manifest names them.
  await writeFile(join(folder, 'package.json'), '{ "dependencies": { "fido-hybrid": "*" } }')
  program = join(folder, 'all.cjs')
  const requires = NAMES.map(name => `require('fido-hybrid${name === 'index' ? '' : `/${name}`}')`)
  await writeFile(
    program,
    `console.log([${requires.join(', ')}].filter(entry => Object.keys(entry).length > 0).length)`,
  )
}, 60_000)

afterAll(() => rm(folder, { recursive: true }))

testEachEngine('takes every entry by require()', async engine => {
  expect(Number(await engine.run(program))).toBe(NAMES.length)
})
