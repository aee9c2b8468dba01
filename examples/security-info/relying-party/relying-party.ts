import { Router } from 'express'
import type { RequestHandler } from 'express'
import type { VerifierOptions } from '../../digital-credential/question.js'
import { accountRoutes } from './account-routes.js'
import type { Site } from './ceremonies.js'
import { openDatabase } from './database.js'
import { passkeyRoutes } from './passkey-routes.js'
import { Passkeys } from './passkeys.js'
import { Policies } from './policies.js'
import { policyRoutes } from './policy-routes.js'
import { secondFactorRoutes } from './second-factor.js'
import type { SendText } from './second-factor.js'
import { studentCardRoutes } from './student-card.js'
import { isSignedIn, sessions } from './session.js'
import { Users } from './users.js'

/** The site: accounts, their passkeys, and the sessions of signed-in users. */
export interface RelyingParty {
  readonly routes: Router
  /** Redirects a visitor without a session from a page to the sign-in page. */
  readonly doorkeeper: readonly RequestHandler[]
  close(): Promise<void>
}

/** What the site needs from outside. */
export interface RelyingPartyOptions {
  readonly origin: string
  /** Of the database; `:memory:` keeps nothing. */
  readonly path: string
  readonly sendText: SendText
  /** The name and key with which the site asks for student cards. */
  readonly verifier: VerifierOptions
}

/** Opens the site. */
export function openRelyingParty({ origin, path, sendText, verifier }: RelyingPartyOptions): RelyingParty {
  const database = openDatabase(path)
  const users = new Users(database)
  const site: Site = {
    origin,
    rpId: new URL(origin).hostname,
    passkeys: new Passkeys(database),
    policies: new Policies(database),
  }
  const withSession = sessions(database)
  const routes = Router()
  routes.use(withSession, accountRoutes(site, users), secondFactorRoutes(users, sendText))
  routes.use(passkeyRoutes(site, users), policyRoutes(site, users), studentCardRoutes(verifier, users))
  const close = (): Promise<void> => {
    database.close()
    return Promise.resolve()
  }
  return { routes, doorkeeper: [withSession, onlySignedIn(users)], close }
}

function onlySignedIn(users: Users): RequestHandler {
  return (request, response, next) => {
    if (isSignedIn(request, users)) next()
    else response.redirect(`/sign-in${new URL(request.originalUrl, 'http://localhost').search}`)
  }
}
