import type { Defect, Sighting } from './defect.js'

/** What a client that keeps links, and a phone that offers them, can do wrong. */
export const LINK_DEFECTS: readonly Defect[] = [
  {
    role: 'client',
    name: 'keeps no link',
    foundBy: 'linked-call',
    file: 'driver/client-driver.ts',
    good: 'this.#keepLink?.(link)',
    bad: 'undefined',
  },
  {
    role: 'client',
    name: 'takes any signature of a link',
    foundBy: 'linked-forged',
    file: 'linking/link-signature.ts',
    good: 'equalBytes(signature(crypto, clientKey, info.publicKey, handshakeHash), info.signature)',
    bad: 'true',
  },
  {
    role: 'client',
    name: 'keeps a link that has ended',
    foundBy: 'linked-forgotten',
    file: 'client/client-link.ts',
    good: "code !== 'tunnel-gone'",
    bad: 'true',
  },
  {
    role: 'client',
    name: 'forgets a phone that is out of reach',
    foundBy: 'linked-kept',
    file: 'client/client-link.ts',
    good: "code !== 'tunnel-gone'",
    bad: "code !== 'tunnel-refused'",
  },
  {
    role: 'phone',
    name: 'signs no link',
    foundBy: 'linked-offer',
    file: 'linking/link-signature.ts',
    good: 'signature(crypto, identity, clientKey, handshakeHash)',
    bad: 'new Uint8Array(32)',
  },
  {
    role: 'phone',
    name: 'takes every client for one that keeps links',
    foundBy: 'linked-unasked',
    file: 'qr/payload.ts',
    good: "reader.optional('supportsLinking', boolean)",
    bad: 'true',
  },
]

/** The same defects, and those of other tables, where other cases see them. */
export const ALSO_OF_LINKS: readonly Sighting[] = [
  { role: 'client', name: 'shows a code without key 4', foundBy: 'linked-code' },
  { role: 'client', name: 'keeps no link', foundBy: 'linked-gone' },
]
