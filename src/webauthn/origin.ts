import { UsageError } from '../errors.js'

/** A web origin that may use WebAuthn. */
export interface Origin {
  /** As it stands in clientDataJSON: scheme, host, and port where it is not the scheme’s own. */
  readonly serialized: string
  /** The effective domain, lower case, punycode. */
  readonly host: string
}

const LOCALHOST = 'localhost'
const IPV4 = /^[\d.]+$/
/** `android:apk-key-hash:…`, `chrome-extension://…`: a scheme, and a name without a path. */
const APP = /^(?<scheme>[a-z][a-z\d+.-]*):(?:\/\/)?[\w.:+=~-]+$/
/** Schemes whose origins belong to the web, or to no app or site. */
const NOT_OF_APPS: ReadonlySet<string | undefined> = new Set([
  'http',
  'https',
  'ws',
  'wss',
  'ftp',
  'file',
  'data',
  'blob',
  'about',
  'javascript',
])
/** How an origin that has no name is written. */
const OPAQUE = 'null'

/**
 * Reads an origin: `https`, or `http` on `localhost` and below, and a domain rather than an address.
 * @throws UsageError `origin-invalid`.
 * @example
 * parseOrigin('https://login.example.com:8443').host // 'login.example.com'
 */
export function parseOrigin(text: string): Origin {
  const url = parseUrl(text)
  const host = url.hostname
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocalhost(host)))
    throw invalid('the origin is not https, nor http on localhost')
  if (url.origin !== text) throw invalid(`the origin is not written as ${url.origin}`)
  if (IPV4.test(host) || host.startsWith('[')) throw invalid('the origin has an IP address for a host')
  if (host.endsWith('.')) throw invalid('the origin’s host ends in a dot')
  return { serialized: url.origin, host }
}

/**
 * Whether a text is the origin of an app rather than of the web.
 * @example
 * isAppOrigin('app://example') // true
 */
export function isAppOrigin(text: string): boolean {
  const scheme = APP.exec(text)?.groups?.['scheme']
  return scheme !== undefined && !NOT_OF_APPS.has(scheme)
}

/** Reads the origin of a top-level page; any origin will do. @throws UsageError `origin-invalid`. */
export function parseTopOrigin(text: string): string {
  if (text === OPAQUE || isAppOrigin(text) || parseUrl(text).origin === text) return text
  throw invalid('the top origin is not written as an origin')
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch (cause) {
    throw invalid('the origin is not a URL', cause)
  }
}

function isLocalhost(host: string): boolean {
  return host === LOCALHOST || host.endsWith(`.${LOCALHOST}`)
}

function invalid(message: string, cause?: unknown): UsageError {
  return new UsageError('origin-invalid', message, { cause })
}
