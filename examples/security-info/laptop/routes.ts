import { Router } from 'express'
import type { UnknownCredentialOptions } from 'fido-hybrid/virtual'
import { ceremonyRoutes, originOf, over } from '../ceremony/routes.js'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import { promptAnswerFrom } from '../prompt/page-consent.js'
import type { Readiness } from '../wire/laptop.js'
import type { Laptop } from './laptop.js'

/** Brings a signal of WebAuthn L3 section 5.1.10 to every authenticator that keeps this user’s passkeys. */
export type Signal = (options: UnknownCredentialOptions) => Promise<void>

const ID_MAX = 1364

/** What pages may ask of their laptop. */
export function laptopRoutes(laptop: Laptop, signalUnknownCredential: Signal): Router {
  const router = Router()
  router.post('/ready', async (_request, response) => {
    const readiness: Readiness = { findings: await laptop.ready() }
    response.json(readiness)
  })
  router.get('/screen', (_request, response) => {
    const { screen } = laptop
    if (screen === undefined) throw nothingShown()
    response.type('png').send(Buffer.from(screen))
  })
  router.post('/signals/unknown-credential', async (request, response) => {
    const fields = new Fields(request.body)
    const rpId = fields.oneOf('rpId', [new URL(originOf(request)).hostname])
    await signalUnknownCredential({ rpId, credentialId: fields.text('credentialId', ID_MAX) })
    response.sendStatus(STATUS.noContent)
  })
  router.post('/prompts/:id', (request, response) => {
    if (!laptop.consent.answer(request.params.id, promptAnswerFrom(request.body))) throw over()
    response.sendStatus(STATUS.noContent)
  })
  router.use(ceremonyRoutes(laptop.ceremonies))
  addKnownPhones(router, laptop)
  return router
}

function addKnownPhones(router: Router, laptop: Laptop): void {
  router.get('/phones', async (_request, response) => {
    response.json(await laptop.knownPhones())
  })
  router.delete('/phones/:id', async (request, response) => {
    if (!(await laptop.forgetPhone(request.params.id))) throw over()
    response.sendStatus(STATUS.noContent)
  })
}

function nothingShown(): Problem {
  return new Problem(STATUS.notFound, { code: 'no-qr', message: 'The laptop shows no QR code right now.' })
}
