import { Router } from 'express'
import type { Request } from 'express'
import type { UnknownCredentialOptions } from 'fido-hybrid/virtual'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import { promptAnswerFrom } from '../prompt/page-consent.js'
import type { Readiness } from '../wire/laptop.js'
import type { Ceremony } from './ceremony.js'
import type { Laptop } from './laptop.js'
import { wishFrom } from './wish.js'

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
    if (!laptop.answer(request.params.id, promptAnswerFrom(request.body))) throw over()
    response.sendStatus(STATUS.noContent)
  })
  addCeremonies(router, laptop)
  return router
}

function addCeremonies(router: Router, laptop: Laptop): void {
  const found = (id: string): Ceremony => {
    const ceremony = laptop.find(id)
    if (ceremony === undefined) throw over()
    return ceremony
  }
  router.post('/ceremonies', async (request, response) => {
    const { id } = await laptop.start(wishFrom(request.body), originOf(request))
    response.status(STATUS.created).json({ id })
  })
  router.get('/ceremonies/:id', (request, response) => {
    found(request.params.id).feed.serve(response)
  })
  router.delete('/ceremonies/:id', async (request, response) => {
    await found(request.params.id).cancel()
    response.sendStatus(STATUS.noContent)
  })
}

/** The browser’s word on who asks; the guard has seen it before. */
function originOf(request: Request): string {
  return request.headers.origin ?? ''
}

function nothingShown(): Problem {
  return new Problem(STATUS.notFound, { code: 'no-qr', message: 'The laptop shows no QR code right now.' })
}

function over(): Problem {
  return new Problem(STATUS.notFound, { code: 'over', message: 'This is over already.' })
}
