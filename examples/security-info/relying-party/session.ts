import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import { Problem, STATUS } from '../http/problem.js'
import type { SiteDatabase } from './database.js'
import { SessionStore } from './session-store.js'
import type { User, Users } from './users.js'

declare module 'express-session' {
  interface SessionData {
    userId: string
    /** Good for one answer, in time. */
    challenge: { readonly kind: ChallengeKind; readonly value: string; readonly expiresAt: number }
    /** The code that was sent, as a hash. */
    code: { readonly hash: string; readonly expiresAt: number }
    /** When two factors were shown: wall-clock milliseconds. */
    provenAt: number
  }
}

type ChallengeKind = 'registration' | 'sign-in'

const LIFETIME_MS = 8 * 3_600_000
/** As long as a ceremony may last. */
const CHALLENGE_MS = 10 * 60_000
const SECRET_BYTES = 32

/** Sessions with a cookie that no script reads and no other site sends. They end with the program, which forgets its secret. */
export function sessions(database: SiteDatabase): RequestHandler {
  return session({
    name: 'session',
    secret: randomBytes(SECRET_BYTES).toString('base64url'),
    store: new SessionStore(database, LIFETIME_MS),
    resave: false,
    saveUninitialized: false,
    // Behind TLS, which a real site has: secure, and a name that starts with __Host-.
    cookie: { httpOnly: true, sameSite: 'strict', secure: 'auto', maxAge: LIFETIME_MS },
  })
}

/**
 * A new session, so that nobody who knew the old one is signed in too.
 * @param isProven whether two factors were shown: a passkey is two, what the user has and what unlocks it.
 */
export function beginSession(request: Request, user: User, isProven = false): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => {
      if (error instanceof Error) {
        reject(error)
        return
      }
      request.session.userId = user.id
      if (isProven) request.session.provenAt = Date.now()
      resolve()
    })
  })
}

export function endSession(request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    request.session.destroy((error: unknown) => {
      if (error instanceof Error) reject(error)
      else resolve()
    })
  })
}

/** @throws Problem `signed-out`. */
export function signedIn(request: Request, users: Users): User {
  const user = userOf(request, users)
  if (user !== undefined) return user
  throw new Problem(STATUS.unauthorised, { code: 'signed-out', message: 'You are not signed in.' })
}

export function isSignedIn(request: Request, users: Users): boolean {
  return userOf(request, users) !== undefined
}

function userOf(request: Request, users: Users): User | undefined {
  const { userId } = request.session
  return userId === undefined ? undefined : users.find(userId)
}

export function keepChallenge(request: Request, kind: ChallengeKind, value: string): void {
  request.session.challenge = { kind, value, expiresAt: Date.now() + CHALLENGE_MS }
}

/** @throws Problem `challenge-void`. */
export function takeChallenge(request: Request, kind: ChallengeKind): string {
  const { challenge } = request.session
  delete request.session.challenge
  if (challenge?.kind === kind && challenge.expiresAt > Date.now()) return challenge.value
  const message = 'This attempt has expired. Start again.'
  throw new Problem(STATUS.bad, { code: 'challenge-void', message })
}
