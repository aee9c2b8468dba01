import { encodeHex } from '../../bytes/hex.js'
import { nobleProvider } from '../../crypto/noble-provider.js'
import type { Link } from '../../ports/link-store.js'
import { listCodec } from './codec.js'
import { malformed } from './json.js'
import { LINK } from './link-record.js'
import type { StoreFormat } from './store-format.js'

const LINKS = listCodec(LINK, 'link')

/** A client’s links: a list of objects with the members of `LINK`, in that order, oldest link first. */
export const LINK_FORMAT: StoreFormat<readonly Link[]> = {
  name: 'fido-hybrid links',
  version: 1,
  member: 'content',
  maxBytes: 1024 * 1024,
  empty: [],
  encode: links => LINKS.encode(links),
  decode: json => {
    const links = LINKS.decode(json, 'content')
    for (const { publicKey } of links) nobleProvider.decodePoint(publicKey)
    const keys = new Set(links.map(({ publicKey }) => encodeHex(publicKey)))
    const names = new Set(links.map(({ name }) => name))
    if (keys.size === links.length && names.size === links.length) return links
    throw malformed('two links have the same public key or name')
  },
}
