import { createHash } from 'node:crypto'
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.js'
import { malformed, membersOf, parseJson } from './json-members.js'

const INDENT = 2
const VERSION = 1

/** What a store keeps in a file, and how it is written as JSON. */
export interface StoreFormat<Content> {
  /** Told in the file. */
  readonly name: string
  /** What a missing or empty file says. */
  readonly empty: Content
  /** Members always in the same order. */
  readonly encode: (content: Content) => unknown
  /** @throws DecodeError for whatever `encode` does not make. */
  readonly decode: (json: unknown) => Content
}

/**
 * Writes the content of a store’s file: UTF-8 JSON with the members `format`, `version` (1), `sha256` of the text
 * JSON.stringify(content) in base64url, and `content`.
 */
export function encodeStoreFile<Content>(format: StoreFormat<Content>, content: Content): Uint8Array {
  const json = format.encode(content)
  const file = { format: format.name, version: VERSION, sha256: checksum(json), content: json }
  return encodeUtf8(`${JSON.stringify(file, null, INDENT)}\n`)
}

/**
 * Reads the content of a store’s file; no bytes at all are an empty store.
 * @throws DecodeError `utf8-malformed`, `json-malformed` or another for whatever `encodeStoreFile` does not write. No message
 * and no cause carries content of the file.
 */
export function decodeStoreFile<Content>(format: StoreFormat<Content>, bytes: Uint8Array): Content {
  if (bytes.length === 0) return format.empty
  const file = membersOf(parseJson(decodeUtf8(bytes)), 'the file')
  if (file.get('format') !== format.name) throw malformed(`it does not say ${format.name}`)
  if (file.get('version') !== VERSION) throw malformed(`its version is not ${VERSION}`)
  file.expectOnly(['format', 'version', 'sha256', 'content'])
  const content = format.decode(file.get('content'))
  if (file.get('sha256') !== checksum(format.encode(content))) throw malformed('its checksum does not fit')
  return content
}

function checksum(json: unknown): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('base64url')
}
