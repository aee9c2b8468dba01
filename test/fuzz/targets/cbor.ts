import assert from 'node:assert/strict'
import { decodeCbor, encodeCbor } from '../../../src/cbor/cbor.js'
import { isCborArray, isCborMap } from '../../../src/cbor/map-reader.js'
import type { CborValue } from '../../../src/cbor/value.js'
import { itemEnd } from '../../../src/ctap/item-end.js'
import { canonical, decoded } from '../invariants.js'
import { bytesIn } from '../seeds.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'

const LIMITS = { maxDepth: 3, maxItems: 12, maxBytes: 40 }

/** Nothing that is decoded is beyond the limits. */
function limited(input: Uint8Array): void {
  const value = decoded(bytes => decodeCbor(bytes, LIMITS), input)
  if (value === undefined) return
  const { items, depth } = sizeOf(value)
  assert.ok(items <= LIMITS.maxItems && depth <= LIMITS.maxDepth && input.length <= LIMITS.maxBytes)
}

function sizeOf(value: CborValue): { items: number; depth: number } {
  const inside = isCborArray(value) ? value : isCborMap(value) ? [...value].flat() : undefined
  if (inside === undefined) return { items: 1, depth: 0 }
  const sizes = inside.map(sizeOf)
  return {
    items: sizes.reduce((sum, { items }) => sum + items, 1),
    depth: 1 + Math.max(0, ...sizes.map(({ depth }) => depth)),
  }
}

/** The scanner of item ends and the strict decoder agree about what the decoder takes. */
function ends(input: Uint8Array): void {
  const end = decoded(bytes => itemEnd(bytes, 0), input)
  if (decoded(decodeCbor, input) !== undefined && end !== undefined) assert.equal(end, input.length)
}

export const cbor: FuzzTarget = {
  name: 'cbor',
  about: 'CTAP2 canonical CBOR',
  maxBytes: 600,
  ...choosing([
    {
      seeds: bytesIn('post-handshake', 'linking', 'qr', 'chromium-156'),
      run: canonical(decodeCbor, encodeCbor),
    },
    { seeds: bytesIn('post-handshake', 'eid'), run: limited },
    { seeds: bytesIn('post-handshake'), run: ends },
  ]),
}
