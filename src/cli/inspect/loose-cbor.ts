import type * as CborX from 'cbor-x/index-no-eval'
import { decodeCbor } from '../../cbor/cbor.js'
import { DecodeError, UnsupportedError } from '../../errors.js'
import { explanation } from './explanation.js'
import type { Explanation, GuessContext } from './explanation.js'

/**
 * What a peer meant by CBOR that CTAP2 forbids (duplicate keys, wrong order, longer forms, tags, floats), and why it is refused.
 * @returns undefined unless it is a CBOR map or array.
 * @throws UnsupportedError `package-missing` without `cbor-x`.
 */
export async function explainLooseCbor(
  bytes: Uint8Array,
  { showSecrets }: GuessContext,
): Promise<Explanation | undefined> {
  const value = await readLoosely(bytes)
  if (!(value instanceof Map) && !Array.isArray(value)) return undefined
  return explanation('cbor-refused', `CBOR that every device refuses: ${refusal(bytes)}`, {
    value: showSecrets ? value : outlined(value),
  })
}

async function readLoosely(bytes: Uint8Array): Promise<unknown> {
  const { Decoder } = await loadLibrary(bytes.length)
  try {
    return new Decoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Without `eval`: the bytes are a stranger’s. */
async function loadLibrary(length: number): Promise<typeof CborX> {
  try {
    return await import('cbor-x/index-no-eval')
  } catch (cause) {
    const message = `these ${length} bytes fit no message of the protocol; reading CBOR that devices refuse needs the package cbor-x`
    throw new UnsupportedError('package-missing', message, { cause })
  }
}

function refusal(bytes: Uint8Array): string {
  try {
    decodeCbor(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return error.message
    throw error
  }
  return 'it is not a message'
}

/** Byte strings by their lengths, since they may be secret; tags and the like as text. */
function outlined(value: unknown): unknown {
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (Array.isArray(value)) return value.map(outlined)
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, member]) => [outlined(key), outlined(member)]))
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : value
}
