import { assertCreationOptions, assertRequestOptions, WebAuthnError } from 'fido-hybrid'
import { Fields } from '../http/fields.js'
import { malformed } from '../http/problem.js'
import type { CeremonyWish } from '../wire/laptop.js'

/** What a page asks for. @throws Problem `malformed`. */
export function wishFrom(body: unknown): CeremonyWish {
  const fields = new Fields(body)
  const kind = fields.oneOf('kind', ['create', 'get'])
  const device = fields.oneOf('device', ['phone', 'this-computer'])
  const options = fields.raw('options')
  try {
    if (kind === 'create') {
      assertCreationOptions(options, device === 'phone' ? 'cross-platform' : 'platform')
      return { kind, device, options }
    }
    assertRequestOptions(options)
    return { kind, device, options }
  } catch (error) {
    throw error instanceof WebAuthnError ? malformed(error.message) : error
  }
}
