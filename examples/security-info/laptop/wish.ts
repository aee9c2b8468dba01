import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from 'fido-hybrid'
import { Fields } from '../http/fields.js'
import { malformed } from '../http/problem.js'
import type { CeremonyWish } from '../wire/laptop.js'

/** What a page asks for. @throws Problem `malformed`. */
export function wishFrom(body: unknown): CeremonyWish {
  const fields = new Fields(body)
  const kind = fields.oneOf('kind', ['create', 'get'])
  const device = fields.oneOf('device', ['phone', 'this-computer'])
  const options = fields.raw('options')
  if (kind === 'create' && isCreation(options)) return { kind, device, options }
  if (kind === 'get' && isRequest(options)) return { kind, device, options }
  throw malformed('options is no object')
}

/** An object; the client checks its members. */
function isCreation(options: unknown): options is PublicKeyCredentialCreationOptionsJSON {
  return typeof options === 'object' && options !== null
}

/** An object; the client checks its members. */
function isRequest(options: unknown): options is PublicKeyCredentialRequestOptionsJSON {
  return typeof options === 'object' && options !== null
}
