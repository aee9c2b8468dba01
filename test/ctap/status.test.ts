import { expect, test } from 'vitest'
import { joinCommand, splitCommand } from '../../src/ctap/commands.js'
import { CTAP_STATUS, statusName } from '../../src/ctap/status.js'
import { refuses } from '../support/decoder.js'

test('each status has its name, and each name its own status', () => {
  for (const [name, status] of Object.entries(CTAP_STATUS)) expect(statusName(status)).toBe(name)
  expect(Object.keys(CTAP_STATUS)).toHaveLength(50)
})

test.each([
  [0x13, 'ERR_UNASSIGNED'],
  [0x80, 'ERR_UNASSIGNED'],
  [0xdf, 'ERR_SPEC_LAST'],
  [0xe0, 'ERR_EXTENSION'],
  [0xef, 'ERR_EXTENSION'],
  [0xf0, 'ERR_VENDOR'],
  [0xff, 'ERR_VENDOR'],
])('status %i without a name of its own is %s', (status, name) => {
  expect(statusName(status)).toBe(name)
})

test('a command byte joins and splits', () => {
  const request = Uint8Array.of(4, 0xa0)
  expect(splitCommand(request)).toEqual({ command: 4, parameters: Uint8Array.of(0xa0) })
  expect(joinCommand(splitCommand(request))).toEqual(request)
  expect(splitCommand(Uint8Array.of(4)).parameters).toHaveLength(0)
  refuses(() => splitCommand(new Uint8Array()), 'ctap-malformed')
})
