import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { Router } from 'express'
import type { Request } from 'express'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import type { SessionView } from '../wire/site.js'
import { Attempts } from './attempts.js'
import { signedIn } from './session.js'
import type { Users } from './users.js'

/** Sends a text message to the phone of a user. */
export type SendText = (text: string, userId: string) => void

const CODE_DIGITS = 6
const CODE_MS = 5 * 60_000
/** So long ago a sign-in with two factors may be when a method is added. */
const PROVEN_MS = 10 * 60_000

/** The second factor beside the password: a code, sent to the user’s phone. */
export function secondFactorRoutes(users: Users, sendText: SendText): Router {
  const router = Router()
  const attempts = new Attempts()
  router.get('/session', (request, response) => {
    signedIn(request, users)
    const view: SessionView = { isProven: isProven(request) }
    response.json(view)
  })
  router.post('/session/code', (request, response) => {
    const user = signedIn(request, users)
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
    request.session.code = { hash: hashOf(code), expiresAt: Date.now() + CODE_MS }
    sendText(`Example: your code is ${code}. Nobody else needs it.`, user.id)
    response.sendStatus(STATUS.noContent)
  })
  router.put('/session/code', (request, response) => {
    const user = signedIn(request, users)
    attempts.assertAllowed(user.id)
    if (!isRight(request, new Fields(request.body).text('code'))) {
      attempts.noteFailure(user.id)
      throw wrongCode()
    }
    attempts.noteSuccess(user.id)
    delete request.session.code
    request.session.provenAt = Date.now()
    response.sendStatus(STATUS.noContent)
  })
  return router
}

/** A stolen password, or a page that was left open, must not be enough to add a passkey. @throws Problem `second-factor-needed`. */
export function assertProven(request: Request): void {
  if (isProven(request)) return
  const message = 'Show first that it is you.'
  throw new Problem(STATUS.forbidden, { code: 'second-factor-needed', message })
}

function isProven(request: Request): boolean {
  const { provenAt } = request.session
  return provenAt !== undefined && Date.now() - provenAt < PROVEN_MS
}

function isRight(request: Request, given: string): boolean {
  const { code } = request.session
  if (code === undefined || code.expiresAt <= Date.now()) return false
  return timingSafeEqual(Buffer.from(code.hash), Buffer.from(hashOf(given.replaceAll(/\s/g, ''))))
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url')
}

function wrongCode(): Problem {
  const message = 'This is not the latest code, or it is too old. Look at the phone, or send a new one.'
  return new Problem(STATUS.bad, { code: 'code-wrong', message })
}
