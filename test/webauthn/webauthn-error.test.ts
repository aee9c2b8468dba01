import { describe, expect, test } from 'vitest'
import { statusName } from '../../src/ctap/status.js'
import {
  CtapError,
  DeadlineError,
  DecodeError,
  HandshakeError,
  HybridError,
  ProtocolError,
  ProximityError,
  StoreError,
  TunnelError,
  UnsupportedError,
  UsageError,
} from '../../src/errors.js'
import { parseCreationOptions } from '../../src/webauthn/creation-options.js'
import { toWebAuthnError } from '../../src/webauthn/webauthn-error.js'

describe('a failure under its browser name', () => {
  test.each<[string, HybridError]>([
    ['TypeError', new UsageError('options-invalid', 'x')],
    ['TypeError', new UsageError('argument-invalid', 'x')],
    ['OperationError', new UsageError('callback-failed', 'x')],
    [
      'EncodingError',
      new UsageError('options-invalid', 'x', { cause: new DecodeError('base64url-malformed', 'y') }),
    ],
    ['NotSupportedError', new UsageError('options-unsupported', 'x')],
    ['NotAllowedError', new UsageError('options-unsatisfiable', 'x')],
    ['SyntaxError', new UsageError('prf-key-invalid', 'x')],
    ['SecurityError', new UsageError('origin-invalid', 'x')],
    ['SecurityError', new UsageError('rp-id-mismatch', 'x')],
    ['AbortError', new UsageError('aborted', 'x')],
    ['OperationError', new UsageError('session-misused', 'x')],
    ['UnknownError', new DecodeError('ctap-malformed', 'x')],
    ['UnknownError', new ProtocolError('response-invalid', 'x')],
    ['ConstraintError', new ProtocolError('feature-missing', 'x')],
    ['NotAllowedError', new HandshakeError('handshake-failed', 'x')],
    ['NotAllowedError', new TunnelError('peer-closed', 'x')],
    ['NotAllowedError', new TunnelError('tunnel-unreachable', 'x')],
    ['NotAllowedError', new ProximityError('ble-scan-failed', 'x')],
    ['NotAllowedError', new DeadlineError('response', 'x')],
    ['NotSupportedError', new UnsupportedError('capability-missing', 'x')],
    ['UnknownError', new StoreError('store-damaged', 'x')],
  ])('%s for %s', (name, cause) => {
    const error = toWebAuthnError(cause)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name, cause, code: cause.code, message: cause.message })
  })

  test.each([
    [0x19, 'InvalidStateError'],
    [0x26, 'NotSupportedError'],
    [0x27, 'NotAllowedError'],
    [0x2b, 'ConstraintError'],
    [0x2c, 'ConstraintError'],
    [0x2e, 'NotAllowedError'],
    [0x2f, 'NotAllowedError'],
    [0x30, 'NotAllowedError'],
    [0x3c, 'NotAllowedError'],
    [0x28, 'UnknownError'],
    [0x7f, 'UnknownError'],
    [0xf0, 'UnknownError'],
  ])('status %i is %s', (status, name) => {
    expect(toWebAuthnError(new CtapError(status, statusName(status))).name).toBe(name)
  })

  test('broken base64url in options is an EncodingError, a wrong type a TypeError', () => {
    expect(nameOfOptions({ rp: { name: '' }, user: { id: 'A*', name: '', displayName: '' } })).toBe(
      'EncodingError',
    )
    expect(nameOfOptions({ rp: 1 })).toBe('TypeError')
  })
})

function nameOfOptions(json: unknown): string {
  try {
    parseCreationOptions(json)
  } catch (error) {
    if (error instanceof HybridError) return toWebAuthnError(error).name
  }
  return 'none'
}
