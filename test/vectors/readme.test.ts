import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { namedBlock } from '../support/pages.js'
import { vectorFiles } from './files.js'

const README = readFileSync(new URL('../../fixtures/README.md', import.meta.url), 'utf8')

test('the README of the fixtures has a row for each file, and no other', () => {
  const rows = Array.from(README.matchAll(/^\| \[(\S+)\]\(\1\)/gm), ([, name]) => name)
  expect(rows.toSorted()).toEqual([...vectorFiles.keys()].toSorted())
})

test('its example in JavaScript runs as it stands', () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', namedBlock('adverts.mjs')],
    {
      cwd: new URL('.', import.meta.url),
      encoding: 'utf8',
    },
  )
  expect({ stdout, status }).toEqual({
    stdout: [...(vectorFiles.get('eid.json')?.groups['adverts']?.cases ?? [])]
      .map(({ name }) => `${name} ok\n`)
      .join(''),
    status: 0,
  })
})
