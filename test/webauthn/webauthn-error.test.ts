import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { build } from 'esbuild'
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
import { toWebAuthnError, WebAuthnError } from '../../src/webauthn/webauthn-error.js'

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
    ['NotAllowedError', new ProtocolError('extension-missing', 'x')],
    ['NotAllowedError', new HandshakeError('handshake-failed', 'x')],
    ['NotAllowedError', new TunnelError('peer-closed', 'x')],
    ['NotAllowedError', new TunnelError('tunnel-unreachable', 'x')],
    ['NotAllowedError', new ProximityError('ble-scan-failed', 'x')],
    ['NotAllowedError', new DeadlineError('response', 'x')],
    ['NotSupportedError', new UnsupportedError('capability-missing', 'x')],
    ['UnknownError', new StoreError('store-damaged', 'x')],
  ])('%s for %s', (name, cause) => {
    const error = toWebAuthnError(cause, 'create')
    expect(error).toBeInstanceOf(WebAuthnError)
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(name === 'TypeError' ? TypeError : DOMException)
    const { code, fault, cure, message } = cause
    expect(error).toMatchObject({ name, cause, code, fault, cure, message })
    expect(String(error)).toBe(`${name}: ${message}`)
    expect(error.stack).toContain(message)
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
    expect(toWebAuthnError(new CtapError(status, statusName(status)), 'create').name).toBe(name)
  })

  test.each<HybridError>([
    new ProtocolError('feature-missing', 'x'),
    ...[0x19, 0x2b, 0x2c].map(status => new CtapError(status, statusName(status))),
  ])('get names $message NotAllowedError, which create names otherwise', cause => {
    expect(toWebAuthnError(cause, 'create').name).toMatch(/^(Constraint|InvalidState)Error$/)
    expect(toWebAuthnError(cause, 'get')).toMatchObject({ name: 'NotAllowedError', cause })
  })

  test('get gives no name that is about making a passkey, whatever the phone answers', () => {
    for (let status = 1; status <= 0xff; status++) {
      const { name } = toWebAuthnError(new CtapError(status, statusName(status)), 'get')
      expect(name).not.toMatch(/^(Constraint|InvalidState)Error$/)
    }
  })

  test('no other value is a WebAuthnError', () => {
    for (const value of [undefined, null, 'x', {}, new Error('x'), new DOMException('x', 'AbortError')])
      expect(value instanceof WebAuthnError).toBe(false)
  })

  test('of another copy of the package are WebAuthnErrors here, and without DOMException they are Errors', async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../../src/webauthn/webauthn-error.ts', import.meta.url))],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'copy',
    })
    const code = outputFiles.map(({ text }) => text).join('')
    const cause = new ProtocolError('response-invalid', 'x')
    const bare = { cause, made: undefined as unknown, isError: undefined as unknown }
    runInNewContext(
      `${code}; made = copy.toWebAuthnError(cause, 'get'); isError = made instanceof Error && typeof DOMException`,
      bare,
    )
    expect(bare.isError).toBe('undefined')
    expect(bare.made instanceof WebAuthnError).toBe(true)
    expect(bare.made).toMatchObject({ name: 'UnknownError', message: 'x', cause, code: 'response-invalid' })
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
    if (error instanceof HybridError) return toWebAuthnError(error, 'create').name
  }
  return 'none'
}
