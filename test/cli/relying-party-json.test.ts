import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readWebAuthnOptions } from '../../src/cli/client/relying-party-json.js'
import { textOf } from '../../src/cli/input.js'
import { parseCreationOptions } from '../../src/webauthn/creation-options.js'
import numbers from '../webauthn/relying-party-options/numbers.json' with { type: 'json' }

const OPTIONS = {
  ...numbers.options,
  user: { id: 'AQ', name: 'ada@example.com', displayName: 'Ada Ångström' },
}
const TEXT = JSON.stringify(OPTIONS)
const MARKED = `\ufeff${TEXT}`

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

test.each<[string, Buffer]>([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a byte order mark', Buffer.from(MARKED)],
  ['UTF-16 of PowerShell, little-endian', Buffer.from(MARKED, 'utf16le')],
  ['UTF-16, big-endian', bigEndian(MARKED)],
])('options in %s are read', async (_, bytes) => {
  const json = await readWebAuthnOptions('-', Readable.from([bytes]), new AbortController().signal)
  expect(json).toEqual(OPTIONS)
  expect(parseCreationOptions(json).user.displayName).toBe('Ada Ångström')
})

test.each<[string, Buffer]>([
  ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')],
  ['half a character at the end', Buffer.concat([Buffer.from(MARKED, 'utf16le'), Buffer.of(0x7d)])],
  ['two marks', Buffer.from(`\ufeff${MARKED}`)],
  ['nothing', Buffer.alloc(0)],
  ['a mark alone', Buffer.of(0xff, 0xfe)],
])('options with %s are no JSON', async (_, bytes) => {
  const read = readWebAuthnOptions('-', Readable.from([bytes]), new AbortController().signal)
  await expect(read).rejects.toMatchObject({ code: 'options-invalid' })
})

test('short text has no mark', () => {
  expect([[], [0x41], [0xff], [0xfe, 0xfe]].map(bytes => textOf(Uint8Array.from(bytes)))).toEqual([
    '',
    'A',
    '\ufffd',
    '\ufffd\ufffd',
  ])
})
