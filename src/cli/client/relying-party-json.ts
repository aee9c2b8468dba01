import type { Readable } from 'node:stream'
import { UsageError } from '../../errors.js'
import type { PublicKeyCredentialRequestOptionsJSON } from '../../webauthn/authentication-json.js'
import type { PublicKeyCredentialCreationOptionsJSON } from '../../webauthn/registration-json.js'
import { readInput } from '../input.js'

const MAX_OPTIONS_BYTES = 1024 * 1024

/**
 * Reads JSON from a file or from stdin.
 * @throws UsageError `options-invalid` when it is not JSON. @throws CommandLineError when it cannot be read.
 */
export async function readWebAuthnOptions(
  path: string,
  stdin: Readable,
  signal: AbortSignal,
): Promise<unknown> {
  const bytes = await readInput({ path, stdin }, { name: '--options', maxBytes: MAX_OPTIONS_BYTES, signal })
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    // What the parser says quotes the text, and that may be the wrong file.
    throw optionsInvalid('--options is not JSON')
  }
}

/** An object; the client checks its members. */
export function isCreationOptions(json: unknown): json is PublicKeyCredentialCreationOptionsJSON {
  return typeof json === 'object' && json !== null
}

/** An object; the client checks its members. */
export function isRequestOptions(json: unknown): json is PublicKeyCredentialRequestOptionsJSON {
  return typeof json === 'object' && json !== null
}

/** The failure of a relying party’s options. */
export function optionsInvalid(message: string): UsageError {
  return new UsageError('options-invalid', message)
}
