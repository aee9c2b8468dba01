import { decodeUtf8 } from '../bytes/utf8.js'
import { DecodeError } from '../errors.js'
import { readStream } from './byte-stream.js'
import type { ByteStream } from './byte-stream.js'
import type { Origin } from './origin.js'
import { isObject, ownMember } from './web-idl.js'

/** Where a relying party lists its other origins (WebAuthn L3 section 5.11). */
const WELL_KNOWN_PATH = '/.well-known/webauthn'
const JSON_TYPE = 'application/json'
const OK = 200
const BYTE_ORDER_MARK = '\ufeff'
/** Longest document that is read, in bytes, as in browsers. */
const DOCUMENT_MAX_BYTES = 262_144
/** How many different labels before the public suffix count; the least that the spec allows, and what browsers take. */
const LABELS_MAX = 5

/** The part of a web Response that is read. */
export interface FetchedDocument {
  /** HTTP status; only a 200 is read. */
  readonly status: number
  /** Only `Content-Type` is read, which must be JSON. */
  readonly headers: { get(name: string): string | null }
  /** The document as it comes, of which at most 262 144 bytes are read. */
  readonly body: ByteStream | null
}

/** How a document is to be fetched: as it stands at the URL, and telling nothing of the user. */
export interface DocumentRequest {
  readonly redirect: 'error'
  readonly credentials: 'omit'
  readonly referrerPolicy: 'no-referrer'
  readonly signal: AbortSignal | null
}

/** Fetches over https; the runtime’s own `fetch` is one. It has to end by itself or when the signal fires. */
export type FetchDocument = (url: string, request: DocumentRequest) => Promise<FetchedDocument>

/** How to learn of related origins. */
export interface RelatedOrigins {
  readonly fetch: FetchDocument
  readonly signal: AbortSignal | undefined
}

/** The name that somebody registered: `example` of login.example.co.uk; empty for a host without one. */
export type RegistrableLabel = (host: string) => Promise<string>

/**
 * The origins that the relying party lists.
 * @throws DecodeError `json-malformed` when its document is absent, too long or something else; SyntaxError for broken JSON;
 * what `fetch` throws.
 */
export async function fetchRelatedOrigins(
  rpId: string,
  { fetch, signal }: RelatedOrigins,
): Promise<readonly string[]> {
  const response = await fetch(`https://${rpId}${WELL_KNOWN_PATH}`, {
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: signal ?? null,
  })
  if (response.status !== OK) throw malformed(`came with status ${response.status}`)
  if (!isJson(response.headers.get('content-type'))) throw malformed(`is not ${JSON_TYPE}`)
  const bytes = response.body ? await readStream(response.body, DOCUMENT_MAX_BYTES) : new Uint8Array()
  if (bytes === undefined) throw malformed(`has more than ${DOCUMENT_MAX_BYTES} bytes`)
  const document: unknown = JSON.parse(withoutMark(decodeUtf8(bytes)))
  const origins = isObject(document) ? ownMember(document, 'origins') : undefined
  if (isTextList(origins)) return origins
  throw malformed('has no array of texts under origins')
}

/**
 * Whether a list names the origin, by the procedure of WebAuthn L3 section 5.11.1: once there are five labels, origins
 * with further ones are ignored, so that a passkey is not shared with the whole web.
 */
export async function isRelated(
  origin: Origin,
  origins: readonly string[],
  labelOf: RegistrableLabel,
): Promise<boolean> {
  const labels = new Set<string>()
  for (const text of origins) {
    if (!URL.canParse(text)) continue
    const url = new URL(text)
    const label = await labelOf(url.hostname)
    if (label === '' || (labels.size >= LABELS_MAX && !labels.has(label))) continue
    if (url.origin === origin.serialized) return true
    labels.add(label)
  }
  return false
}

/** Browsers decode a document without its byte order mark. */
function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

function malformed(what: string): DecodeError {
  return new DecodeError('json-malformed', `the list of related origins ${what}`)
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === JSON_TYPE
}
