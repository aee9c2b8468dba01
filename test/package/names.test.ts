import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const SRC = new URL('../../src/', import.meta.url)
const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm

/** Each exported name with the files that declare it; overloads count once. */
function exported(): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>()
  for (const path of readdirSync(SRC, { recursive: true }).map(String)) {
    if (!path.endsWith('.ts')) continue
    for (const [, name = ''] of readFileSync(new URL(path, SRC), 'utf8').matchAll(EXPORTED))
      files.set(name, (files.get(name) ?? new Set()).add(path))
  }
  return files
}

/** Converters of CBOR and of Web IDL are named for their types. */
const ALLOWED = ['boolean']

test('no two files export the same name', () => {
  const names = exported()
  expect(names.size).toBeGreaterThan(500)
  const shared = [...names].filter(([name, files]) => files.size > 1 && !ALLOWED.includes(name))
  expect(shared.map(([name, files]) => `${name}: ${[...files].join(', ')}`)).toEqual([])
})

test.each([
  ['registration is WebAuthn’s', /\bRegistrationKey\b|\bContactRegistration\b|'phone-registered'/],
  ['a link is a linked device', /source: 'link'|allowLinksFromWebPages/],
  ['linked clients call', /\bonContact\b|\bContact(?:Reply|Request|Answer)\b/],
  ['the radio’s scan is a BLE scan', /'scan-failed'|'stop-scan'/],
])('%s: the source has no other sense of the word', (_word, banned) => {
  const wrong = readdirSync(SRC, { recursive: true })
    .map(String)
    .filter(path => path.endsWith('.ts') && banned.test(readFileSync(new URL(path, SRC), 'utf8')))
  expect(wrong).toEqual([])
})
