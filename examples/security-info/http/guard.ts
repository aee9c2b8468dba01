import type { RequestHandler } from 'express'
import { Problem, STATUS } from './problem.js'

const SAFE_METHODS: readonly (string | undefined)[] = ['GET', 'HEAD']

/** No inline scripts, nothing from elsewhere, no frames around it; pictures may come from memory. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** What every answer says to the browser. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    'Cache-Control': 'no-store',
  })
  next()
}

/**
 * Any page in a browser can reach loopback, under a name of its own too: only this origin’s pages may ask for anything,
 * and only they may change something. `SameSite=Strict` cookies say the same once more.
 */
export function onlyFor(origin: string): RequestHandler {
  const { host } = new URL(origin)
  return (request, response, next) => {
    const isSafe = SAFE_METHODS.includes(request.method)
    if (request.headers.host !== host) {
      if (isSafe && request.headers.host === host.replace('localhost', '127.0.0.1'))
        response.redirect(origin + request.path)
      else throw new Problem(STATUS.misdirected, { code: 'misdirected', message: `This is ${origin}.` })
      return
    }
    if (!isSafe && request.headers.origin !== origin)
      throw new Problem(STATUS.forbidden, { code: 'cross-site', message: `Only pages of ${origin} may ask.` })
    next()
  }
}
