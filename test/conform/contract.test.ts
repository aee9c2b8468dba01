import { expect, test } from 'vitest'
import { advertLine, parseDriverLine } from '../../src/conform/contract.js'

test.each([
  ['CAN data-channel', { kind: 'can', ability: 'data-channel' }],
  ['CAN links', { kind: 'can', ability: 'links' }],
  ['CAN', { kind: 'malformed' }],
  ['CAN fly', { kind: 'malformed' }],
  ['CANNOT data-channel', { kind: 'other' }],
  ['QR FIDO:/123', { kind: 'qr', url: 'FIDO:/123' }],
  ['QR fido:/123', { kind: 'qr', url: 'fido:/123' }],
  ['QR FIDO:/123\r', { kind: 'qr', url: 'FIDO:/123' }],
  ['QR FIDO://123', { kind: 'malformed' }],
  ['QR FIDO:/', { kind: 'malformed' }],
  ['QR', { kind: 'malformed' }],
  ['ADVERT fff9 00ff', { kind: 'advert', serviceData: '00ff' }],
  ['ADVERT fde2 00FF', { kind: 'advert', serviceData: '00FF' }],
  ['ADVERT fff9 ', { kind: 'malformed' }],
  ['ADVERT fff9 0', { kind: 'malformed' }],
  ['ADVERT fff8 00', { kind: 'malformed' }],
  ['LISTENING ws://127.0.0.1:1', { kind: 'listening', url: 'ws://127.0.0.1:1' }],
  ['LISTENING http://127.0.0.1:1', { kind: 'malformed' }],
  ['RESULT {"id":"a"}', { kind: 'result', value: { id: 'a' } }],
  ['RESULT {', { kind: 'malformed' }],
  ['RESULT', { kind: 'malformed' }],
  ['ERROR tunnel-refused no', { kind: 'error', text: 'tunnel-refused no' }],
  ['ERROR', { kind: 'error', text: '' }],
  ['ERRORS', { kind: 'other' }],
  [' QR FIDO:/123', { kind: 'other' }],
  ['', { kind: 'other' }],
])('the line "%s"', (line, parsed) => {
  expect(parseDriverLine(line)).toEqual(parsed)
})

test('the line that tells a client of an advert is one that a phone would print', () => {
  expect(parseDriverLine(advertLine('0a0b'))).toEqual({ kind: 'advert', serviceData: '0a0b' })
})
