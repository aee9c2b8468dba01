import { assertCreationOptions, assertRequestOptions, WebAuthnError } from 'fido-hybrid'
import type { DigitalCredentialOptions } from 'fido-hybrid'
import { Fields } from '../http/fields.js'
import { malformed } from '../http/problem.js'
import type { CeremonyWish } from '../wire/ceremony.js'

/** What a page asks for. @throws Problem `malformed`. */
export function wishFrom(body: unknown): CeremonyWish {
  const fields = new Fields(body)
  const kind = fields.oneOf('kind', ['create', 'get', 'digital'])
  if (kind === 'digital') return { kind, device: 'phone', options: digitalOptions(fields.object('options')) }
  const device = fields.oneOf('device', ['phone', 'this-device'])
  const place = { device, link: fields.has('link') ? fields.text('link') : undefined }
  const options = fields.raw('options')
  try {
    if (kind === 'create') {
      assertCreationOptions(options, device === 'phone' ? 'cross-platform' : 'platform')
      return { kind, ...place, options }
    }
    assertRequestOptions(options)
    return { kind, ...place, options }
  } catch (error) {
    throw error instanceof WebAuthnError ? malformed(error.message) : error
  }
}

function digitalOptions(options: Fields): DigitalCredentialOptions {
  const requests = options.objects('requests').map(request => ({
    protocol: request.text('protocol'),
    data: request.json('data'),
  }))
  return { requests }
}
