import { concatBytes } from '../bytes/bytes.js'
import { encodeU16BE, encodeU32BE, readU16BE, readU32BE } from '../bytes/endian.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { isCborMap } from '../cbor/map-reader.js'
import type { CborMap } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import { AAGUID_BYTES } from './get-info.js'
import { itemEnd } from './item-end.js'

const RP_ID_HASH_BYTES = 32
/** The longest credential ID, in bytes (WebAuthn L3 section 6.5.1). */
export const CREDENTIAL_ID_MAX_BYTES = 1023

const FLAGS_OFFSET = RP_ID_HASH_BYTES
const SIGN_COUNT_OFFSET = FLAGS_OFFSET + 1
const SIGN_COUNT_BYTES = 4
const HEADER_BYTES = SIGN_COUNT_OFFSET + SIGN_COUNT_BYTES
const CREDENTIAL_ID_LENGTH_BYTES = 2

const FLAG = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const

/** The four flags that stand for themselves; AT and ED follow from the members that they announce. */
export interface AuthenticatorFlags {
  /** User present. */
  readonly up: boolean
  /** User verified. */
  readonly uv: boolean
  /** Backup eligible: the passkey may be synced. */
  readonly be: boolean
  /** Backup state: the passkey is synced. */
  readonly bs: boolean
}

/** A new credential as its authenticator attests it. */
export interface AttestedCredential {
  /** 16 bytes. */
  readonly aaguid: Uint8Array
  /** At most 1023 bytes. */
  readonly credentialId: Uint8Array
  /** A COSE key, as it came. */
  readonly publicKey: Uint8Array
}

/** What an authenticator signs beside the client data (WebAuthn L3 section 6.1). */
export interface AuthenticatorData {
  /** SHA-256 of the RP ID, 32 bytes. */
  readonly rpIdHash: Uint8Array
  readonly flags: AuthenticatorFlags
  /** 0 to 2^32 - 1. */
  readonly signCount: number
  /** Of registrations alone. */
  readonly attestedCredential?: AttestedCredential | undefined
  /** What extensions say, by their names. */
  readonly extensions?: CborMap | undefined
}

/**
 * rpIdHash ‖ flags ‖ signCount ‖ attested credential ‖ extensions.
 * @throws UsageError `argument-invalid` for extensions that `encodeCbor` refuses.
 *
 * @example
 * const flags = { up: true, uv: true, be: false, bs: false }
 * const authData = encodeAuthenticatorData({ rpIdHash: crypto.sha256(bytes), flags, signCount: 0 }) // 37 bytes
 */
export function encodeAuthenticatorData(data: AuthenticatorData): Uint8Array {
  return concatBytes(
    data.rpIdHash,
    Uint8Array.of(encodeFlags(data)),
    encodeU32BE(data.signCount),
    ...(data.attestedCredential === undefined ? [] : attestedCredentialParts(data.attestedCredential)),
    ...(data.extensions === undefined ? [] : [encodeCbor(data.extensions)]),
  )
}

/**
 * Reads authenticator data, flags and extensions included.
 * @throws DecodeError `ctap-malformed`, or a `cbor-…` code.
 *
 * @example
 * const { flags, attestedCredential } = decodeAuthenticatorData(bytes)
 */
export function decodeAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  if (bytes.length < HEADER_BYTES) throw malformed('ends early')
  const flags = bytes[FLAGS_OFFSET] ?? 0
  const credential = flags & FLAG.at ? decodeAttestedCredential(bytes.subarray(HEADER_BYTES)) : undefined
  const rest = bytes.subarray(HEADER_BYTES + (credential?.length ?? 0))
  if (!(flags & FLAG.ed) && rest.length > 0) throw malformed('is followed by stray bytes')
  return {
    rpIdHash: bytes.slice(0, RP_ID_HASH_BYTES),
    flags: decodeFlags(flags),
    signCount: readU32BE(bytes, SIGN_COUNT_OFFSET),
    attestedCredential: credential?.attestedCredential,
    extensions: flags & FLAG.ed ? decodeExtensions(rest) : undefined,
  }
}

function encodeFlags({ flags, attestedCredential, extensions }: AuthenticatorData): number {
  return (
    (flags.up ? FLAG.up : 0) |
    (flags.uv ? FLAG.uv : 0) |
    (flags.be ? FLAG.be : 0) |
    (flags.bs ? FLAG.bs : 0) |
    (attestedCredential === undefined ? 0 : FLAG.at) |
    (extensions === undefined ? 0 : FLAG.ed)
  )
}

function decodeFlags(flags: number): AuthenticatorFlags {
  const has = (flag: number): boolean => (flags & flag) !== 0
  return { up: has(FLAG.up), uv: has(FLAG.uv), be: has(FLAG.be), bs: has(FLAG.bs) }
}

function attestedCredentialParts(credential: AttestedCredential): readonly Uint8Array[] {
  const { aaguid, credentialId, publicKey } = credential
  return [aaguid, encodeU16BE(credentialId.length), credentialId, publicKey]
}

interface Sized {
  readonly attestedCredential: AttestedCredential
  readonly length: number
}

function decodeAttestedCredential(bytes: Uint8Array): Sized {
  const idOffset = AAGUID_BYTES + CREDENTIAL_ID_LENGTH_BYTES
  if (bytes.length < idOffset) throw malformed('ends early')
  const idLength = readU16BE(bytes, AAGUID_BYTES)
  if (idLength > CREDENTIAL_ID_MAX_BYTES)
    throw malformed(`has a credential ID of more than ${CREDENTIAL_ID_MAX_BYTES} bytes`)
  const keyOffset = idOffset + idLength
  const length = itemEnd(bytes, keyOffset)
  const publicKey = bytes.slice(keyOffset, length)
  if (!isCborMap(decodeCbor(publicKey))) throw malformed('has a public key that is not a CBOR map')
  const aaguid = bytes.slice(0, AAGUID_BYTES)
  return { attestedCredential: { aaguid, credentialId: bytes.slice(idOffset, keyOffset), publicKey }, length }
}

function decodeExtensions(bytes: Uint8Array): CborMap {
  const extensions = decodeCbor(bytes)
  if (!isCborMap(extensions)) throw malformed('has extensions that are not a CBOR map')
  return extensions
}

function malformed(what: string): DecodeError {
  return new DecodeError('ctap-malformed', `authenticator data ${what}`)
}
