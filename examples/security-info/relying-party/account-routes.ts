import { Router } from 'express'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import { accountView } from './account-view.js'
import { Attempts } from './attempts.js'
import { requestOptions, signIn } from './ceremonies.js'
import type { Site } from './ceremonies.js'
import { authenticationFrom } from './credential-fields.js'
import { beginSession, endSession, keepChallenge, signedIn, takeChallenge } from './session.js'
import type { Users } from './users.js'

const PASSWORD_MIN = 8

/** Accounts, and signing in and out of them. */
export function accountRoutes(site: Site, users: Users): Router {
  const router = Router()
  router.post('/account', async (request, response) => {
    const fields = new Fields(request.body)
    const [userName, password] = [fields.text('userName'), fields.text('password')]
    if (password.length < PASSWORD_MIN) throw shortPassword()
    const user = await users.create({ userName, password, displayName: fields.text('displayName') })
    if (user === undefined) throw takenName(userName)
    await beginSession(request, user)
    response.status(STATUS.created).json(accountView(user, []))
  })
  router.get('/account', (request, response) => {
    const user = signedIn(request, users)
    response.json(accountView(user, site.passkeys.of(user.id)))
  })
  router.delete('/session', async (request, response) => {
    await endSession(request)
    response.sendStatus(STATUS.noContent)
  })
  addPasswordSignIn(router, site, users)
  addPasskeySignIn(router, site, users)
  return router
}

function addPasswordSignIn(router: Router, site: Site, users: Users): void {
  const attempts = new Attempts()
  router.post('/session', async (request, response) => {
    const fields = new Fields(request.body)
    const userName = fields.text('userName')
    attempts.assertAllowed(userName)
    const user = await users.signIn(userName, fields.text('password'))
    if (user === undefined) {
      attempts.noteFailure(userName)
      throw wrongPassword()
    }
    attempts.noteSuccess(userName)
    await beginSession(request, user)
    response.json(accountView(user, site.passkeys.of(user.id)))
  })
}

function addPasskeySignIn(router: Router, site: Site, users: Users): void {
  router.post('/session/options', async (request, response) => {
    const options = await requestOptions(site)
    keepChallenge(request, 'sign-in', options.challenge)
    response.json(options)
  })
  router.post('/session/passkey', async (request, response) => {
    const challenge = takeChallenge(request, 'sign-in')
    const { userId } = await signIn(site, challenge, authenticationFrom(request.body))
    const user = users.find(userId)
    if (user === undefined) throw wrongPassword()
    await beginSession(request, user, true)
    response.json(accountView(user, site.passkeys.of(user.id)))
  })
}

function shortPassword(): Problem {
  const message = `A password has at least ${PASSWORD_MIN} characters.`
  return new Problem(STATUS.bad, { code: 'password-short', message })
}

function takenName(userName: string): Problem {
  return new Problem(STATUS.conflict, {
    code: 'user-name-taken',
    message: `${userName} has an account already.`,
  })
}

function wrongPassword(): Problem {
  const message = 'The user name or the password is wrong.'
  return new Problem(STATUS.unauthorised, { code: 'sign-in-refused', message })
}
