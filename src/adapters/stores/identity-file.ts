import type { PhoneIdentity } from '../../ports/phone-identity-store.js'
import { IDENTITY } from './identity-record.js'
import type { StoreFormat } from './store-format.js'

/** A phone’s identity: an object with the members of `IDENTITY`, in that order. */
export const IDENTITY_FORMAT: StoreFormat<PhoneIdentity | undefined> = {
  name: 'fido-hybrid phone identity',
  version: 1,
  member: 'content',
  maxBytes: 1024 * 1024,
  empty: undefined,
  encode: identity => identity && IDENTITY.encode(identity),
  decode: json => IDENTITY.decode(json, 'content'),
}
