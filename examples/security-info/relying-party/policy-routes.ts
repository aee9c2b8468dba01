import { Router } from 'express'
import { Fields } from '../http/fields.js'
import { malformed, Problem, STATUS } from '../http/problem.js'
import type { PolicyView } from '../wire/site.js'
import type { Site } from './ceremonies.js'
import { KNOWN_AUTHENTICATORS } from './known-authenticators.js'
import { signedIn } from './session.js'
import type { User, Users } from './users.js'

const AAGUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** The administrator’s settings. */
export function policyRoutes({ policies }: Site, users: Users): Router {
  const router = Router()
  router.get('/policy', (request, response) => {
    assertAdministrator(signedIn(request, users))
    const view: PolicyView = { ...policies.get(), known: KNOWN_AUTHENTICATORS }
    response.json(view)
  })
  router.put('/policy', (request, response) => {
    assertAdministrator(signedIn(request, users))
    const fields = new Fields(request.body)
    policies.set({
      isRestricted: fields.flag('isRestricted'),
      allowed: fields.texts('allowed').map(aaguidFrom),
    })
    response.sendStatus(STATUS.noContent)
  })
  return router
}

function assertAdministrator({ isAdministrator }: User): void {
  if (isAdministrator) return
  const message = 'Only an administrator may see and change this.'
  throw new Problem(STATUS.forbidden, { code: 'not-administrator', message })
}

function aaguidFrom(text: string): string {
  if (AAGUID.test(text)) return text
  throw malformed('an AAGUID is five groups of hexadecimal digits: 8-4-4-4-12')
}
