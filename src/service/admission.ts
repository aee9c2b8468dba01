import type { IncomingMessage } from 'node:http'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { TUNNEL_SUBPROTOCOL } from '../tunnel/headers.js'
import { parseTunnelPath } from '../tunnel/path.js'
import type { TunnelPath } from '../tunnel/path.js'

/** An HTTP answer without a body. */
export interface HttpRefusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

export interface AdmissionRules {
  readonly maxPathLength: number
  /** When given, every request needs one of these as its `Origin`. */
  readonly origins?: readonly string[] | undefined
}

/** RFC 6455 section 4.1: 16 random bytes in base64. */
const WEBSOCKET_KEY = /^[A-Za-z0-9+/]{22}==$/
/** RFC 6455 section 4.1, and the draft that shares its framing. */
const WEBSOCKET_VERSIONS = ['13', '8']

const HOST = 'host'

const METHOD_WRONG: HttpRefusal = { status: 405, headers: { Allow: 'GET' } }
const PATH_WRONG: HttpRefusal = { status: 404 }
const NO_UPGRADE: HttpRefusal = { status: 426, headers: { Upgrade: 'websocket' } }
const REQUEST_WRONG: HttpRefusal = { status: 400 }
const UPGRADE_WRONG: HttpRefusal = { status: 400, headers: { 'Sec-WebSocket-Version': '13' } }
const ORIGIN_REFUSED: HttpRefusal = { status: 403 }
const SUBPROTOCOL_MISSING: HttpRefusal = { status: 400 }
const PARSER_ERROR: HttpRefusal = { status: 400 }
/** Node’s names: the head is too long, or was not there in time. */
const PARSER_ERRORS = new Map<string, HttpRefusal>([
  ['HPE_HEADER_OVERFLOW', { status: 431 }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408 }],
])
/** Of a linked client’s request: its header is missing or malformed. */
export const CLIENT_PAYLOAD_WRONG: HttpRefusal = { status: 400 }

/**
 * Judges a request by itself, without knowing which tunnels there are (protocol.md 7.3).
 * @returns the parsed path of an upgrade that may go ahead, or why not.
 */
export function judgeUpgrade(request: IncomingMessage, rules: AdmissionRules): TunnelPath | HttpRefusal {
  if (request.method !== 'GET') return METHOD_WRONG
  const path = parsePath(request.url ?? '', rules.maxPathLength)
  if (path === undefined) return PATH_WRONG
  if (!isWellFramed(request)) return REQUEST_WRONG
  if (request.headers.upgrade === undefined) return NO_UPGRADE
  if (!isWebSocketUpgrade(request)) return UPGRADE_WRONG
  if (rules.origins?.includes(request.headers.origin ?? '') === false) return ORIGIN_REFUSED
  if (!offersSubprotocol(request)) return SUBPROTOCOL_MISSING
  return path
}

/** Why a request fails that came without `Connection: upgrade`. */
export function judgePlainRequest(request: IncomingMessage, rules: AdmissionRules): HttpRefusal {
  const judged = judgeUpgrade(request, rules)
  return 'status' in judged ? judged : UPGRADE_WRONG
}

/** The answer to bytes that Node could not parse as a request; undefined when the connection cannot take an answer. */
export function judgeClientError({ code = '' }: NodeJS.ErrnoException): HttpRefusal | undefined {
  return PARSER_ERRORS.get(code) ?? (code.startsWith('HPE_') ? PARSER_ERROR : undefined)
}

function parsePath(path: string, maxLength: number): TunnelPath | undefined {
  return path.length > maxLength ? undefined : decodedOrUndefined(() => parseTunnelPath(path))
}

/** RFC 6455 section 4.1 asks for HTTP/1.1; RFC 9112 section 3.2 for one `Host`. A body would be taken for frames. */
function isWellFramed({ httpVersion, rawHeaders, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  return httpVersion === '1.1' && countHosts(rawHeaders) === 1 && !hasBody
}

/** @param rawHeaders names and values in turn. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length === HOST.length && name.toLowerCase() === HOST) count += 1
  }
  return count
}

function isWebSocketUpgrade({ headers }: IncomingMessage): boolean {
  return (
    headers.upgrade?.toLowerCase() === 'websocket' &&
    WEBSOCKET_KEY.test(headers['sec-websocket-key'] ?? '') &&
    WEBSOCKET_VERSIONS.includes(headers['sec-websocket-version'] ?? '')
  )
}

function offersSubprotocol({ headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol']?.split(',') ?? []
  // RFC 6455 section 4.1: each name once.
  return offered.filter(name => name.trim() === TUNNEL_SUBPROTOCOL).length === 1
}
