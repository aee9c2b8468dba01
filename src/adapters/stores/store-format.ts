import { createHash } from 'node:crypto'
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.js'
import { expectOnly, malformed, objectOf, parseJson } from './json.js'

const INDENT = 2

/** What a store keeps in a file, and how it is written as JSON. */
export interface StoreFormat<Content> {
  /** Told in the file. */
  readonly name: string
  /** The version that is written; it and all from 1 are read. */
  readonly version: number
  /** The member of the file that has the content. */
  readonly member: string
  readonly maxBytes: number
  /** The content that a missing file stands for. */
  readonly empty: Content
  /** Members always in the same order. */
  readonly encode: (content: Content) => unknown
  /** @throws DecodeError for JSON that `encode` does not make, nor made in that version. */
  readonly decode: (json: unknown, version: number) => Content
}

/**
 * Writes the content of a store’s file: UTF-8 JSON with the members `format`, `version`, `sha256` of the text
 * JSON.stringify(content) in base64url, and the content itself. Byte strings are base64url without padding.
 */
export function encodeStoreFile<Content>(format: StoreFormat<Content>, content: Content): Uint8Array {
  const { name, version, member } = format
  const json = format.encode(content)
  const file = { format: name, version, sha256: checksum(json), [member]: json }
  return encodeUtf8(`${JSON.stringify(file, null, INDENT)}\n`)
}

/**
 * Reads the content of a store’s file.
 * @throws DecodeError `utf8-malformed`, `json-malformed` or another for bytes that `encodeStoreFile` does not write. No message
 * and no cause carries content of the file.
 */
export function decodeStoreFile<Content>(format: StoreFormat<Content>, bytes: Uint8Array): Content {
  if (bytes.length === 0) throw malformed('it is empty')
  const file = objectOf(parseJson(decodeUtf8(bytes)), 'the file')
  if (file.get('format') !== format.name) throw malformed(`it does not say ${format.name}`)
  const version = versionOf(file.get('version'), format.version)
  expectOnly(file, ['format', 'version', 'sha256', format.member], 'the file')
  const json = file.get(format.member)
  if (file.get('sha256') !== checksum(json)) throw malformed('its checksum does not fit')
  return format.decode(json, version)
}

function versionOf(version: unknown, latest: number): number {
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1 && version <= latest)
    return version
  throw malformed(`its version is not from 1 to ${latest}`)
}

// A missing content has no JSON text; it counts as null here, and is refused by the reader of the content.
function checksum(json: unknown = null): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('base64url')
}
