import { Router } from 'express'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import { passkeyView } from './account-view.js'
import { creationOptions, register } from './ceremonies.js'
import type { Site } from './ceremonies.js'
import { registrationFrom } from './credential-fields.js'
import { assertProven } from './second-factor.js'
import { keepChallenge, signedIn, takeChallenge } from './session.js'
import type { Users } from './users.js'

const NAME_MAX = 64

/** The passkeys of the signed-in user. */
export function passkeyRoutes(site: Site, users: Users): Router {
  const router = Router()
  router.post('/passkeys/options', async (request, response) => {
    const user = signedIn(request, users)
    assertProven(request)
    const options = await creationOptions(site, user)
    keepChallenge(request, 'registration', options.challenge)
    response.json(options)
  })
  router.post('/passkeys', async (request, response) => {
    const user = signedIn(request, users)
    const challenge = takeChallenge(request, 'registration')
    const passkey = await register(site, user, challenge, registrationFrom(request.body))
    response.status(STATUS.created).json(passkeyView(passkey))
  })
  router.patch('/passkeys/:id', (request, response) => {
    const name = new Fields(request.body).text('name', NAME_MAX).trim()
    if (name === '') throw nameless()
    if (!site.passkeys.rename(signedIn(request, users).id, request.params.id, name)) throw unknown()
    response.sendStatus(STATUS.noContent)
  })
  router.delete('/passkeys/:id', (request, response) => {
    if (!site.passkeys.delete(signedIn(request, users).id, request.params.id)) throw unknown()
    response.json({ rpId: site.rpId, credentialId: request.params.id })
  })
  return router
}

function nameless(): Problem {
  return new Problem(STATUS.bad, { code: 'name-empty', message: 'Give the passkey a name.' })
}

function unknown(): Problem {
  return new Problem(STATUS.notFound, { code: 'passkey-unknown', message: 'You have no such passkey.' })
}
