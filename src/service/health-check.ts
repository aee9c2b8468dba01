import type { IncomingMessage } from 'node:http'
import type { HttpRefusal } from './admission.js'

const PATHS = { live: '/live', ready: '/ready' } as const
const METHOD_WRONG: HttpRefusal = { status: 405, headers: { Allow: 'GET, HEAD' } }

/**
 * The answer to a request for `/live` or `/ready`; undefined for other paths. It is 404 where the service is not ready: HAProxy
 * (`http-check disable-on-404`) then sends nothing new and leaves what is there, and takes a 503 for a server that is down.
 */
export function judgeHealthCheck(
  { method = '', url }: IncomingMessage,
  isReady: () => boolean,
): HttpRefusal | undefined {
  if (url !== PATHS.live && url !== PATHS.ready) return undefined
  if (method !== 'GET' && method !== 'HEAD') return METHOD_WRONG
  return { status: url === PATHS.live || isReady() ? 200 : 404 }
}
