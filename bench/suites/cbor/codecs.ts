import { Encoder } from 'cbor-x'
import { decodeCbor, encodeCbor } from 'fido-hybrid/wire'
import type { CborMap } from 'fido-hybrid/wire'
import type { BenchContext } from '../../harness/group.js'
import { INSTALL_PEERS, loadPeer } from '../../harness/peers.js'

/** One library in one setting. */
export interface Codec {
  readonly name: string
  readonly encode: (value: CborMap) => Uint8Array
  readonly decode: (bytes: Uint8Array) => unknown
}

export const OURS: Codec = {
  name: 'fido-hybrid, strict',
  encode: encodeCbor,
  decode: bytes => decodeCbor(bytes),
}

/** Neither sorts nor checks; the settings are those that make its output CTAP2’s. */
export function bareCborX(): Codec {
  const encoder = new Encoder({
    mapsAsObjects: false,
    useRecords: false,
    tagUint8Array: false,
    variableMapSize: true,
  })
  const name = 'bare cbor-x'
  return { name, encode: value => encoder.encode(value), decode: bytes => encoder.decode(bytes) as unknown }
}

interface Cborg {
  encode(value: unknown, options: unknown): Uint8Array
  decode(bytes: Uint8Array, options: object): unknown
  readonly rfc8949EncodeOptions: unknown
}

/** As strict as it can be told to be. */
export async function strictCborg(context: BenchContext): Promise<Codec | undefined> {
  const name = 'cborg, strict'
  const cborg = (await loadPeer('cborg')) as Cborg | undefined
  if (cborg === undefined) {
    context.omit({ name, reason: INSTALL_PEERS })
    return undefined
  }
  const strict = {
    useMaps: true,
    strict: true,
    allowIndefinite: false,
    rejectDuplicateMapKeys: true,
    allowUndefined: false,
    allowInfinity: false,
    allowNaN: false,
  }
  return {
    name,
    encode: value => cborg.encode(value, cborg.rfc8949EncodeOptions),
    decode: bytes => cborg.decode(bytes, strict),
  }
}

interface Cbor2 {
  encode(value: unknown, options: object): Uint8Array
  decode(bytes: Uint8Array, options: object): unknown
  readonly cdeEncodeOptions: object
  readonly cdeDecodeOptions: object
}

/** Its “CBOR deterministic encoding”. */
export async function deterministicCbor2(context: BenchContext): Promise<Codec | undefined> {
  const name = 'cbor2, deterministic'
  const cbor2 = (await loadPeer('cbor2')) as Cbor2 | undefined
  if (cbor2 === undefined) {
    context.omit({ name, reason: INSTALL_PEERS })
    return undefined
  }
  const strict = { ...cbor2.cdeDecodeOptions, preferMap: true, rejectDuplicateKeys: true }
  return {
    name,
    encode: value => cbor2.encode(value, { ...cbor2.cdeEncodeOptions }),
    decode: bytes => cbor2.decode(bytes, strict),
  }
}
