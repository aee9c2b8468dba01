import { Router } from 'express'
import { PHONE_PROFILES } from 'fido-hybrid/virtual'
import type { PhoneProfileName } from 'fido-hybrid/virtual'
import { ceremonyRoutes } from '../ceremony/routes.js'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import { promptAnswerFrom } from '../prompt/page-consent.js'
import type { AuthenticatorApp } from './authenticator-app.js'
import type { VirtualPhone } from './virtual-phone.js'

/** FIDO:/ and some 170 digits; a code with more in it has to be refused by the phone, not by us. */
const QR_TEXT_MAX = 4096

/** The phones in the drawer. */
export const PROFILES: readonly PhoneProfileName[] = profileNames(PHONE_PROFILES)

function profileNames<Name extends string>(profiles: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (key: string): key is Name => key in profiles
  return Object.keys(profiles).filter(isName)
}

/** What a hand does with the phone, and what its browser and its app ask for. */
export function phoneRoutes(phone: VirtualPhone, app: AuthenticatorApp): Router {
  const router = Router()
  router.get('/state', (_request, response) => {
    phone.feed.serve(response)
  })
  router.post('/scan', (request, response) => {
    const fields = new Fields(request.body)
    phone.scan(fields.text('text', QR_TEXT_MAX).trim(), fields.flag('remember'))
    response.sendStatus(STATUS.accepted)
  })
  router.delete('/scan', async (_request, response) => {
    await phone.cancel()
    response.sendStatus(STATUS.noContent)
  })
  router.post('/prompts/:id', (request, response) => {
    if (!phone.answer(request.params.id, promptAnswerFrom(request.body))) throw gone()
    response.sendStatus(STATUS.noContent)
  })
  router.use(ceremonyRoutes(phone.ceremonies))
  addSettings(router, phone)
  addContents(router, phone)
  addApp(router, app)
  return router
}

function addSettings(router: Router, phone: VirtualPhone): void {
  router.put('/profile', async (request, response) => {
    await phone.pickUp(new Fields(request.body).oneOf('profile', PROFILES))
    response.sendStatus(STATUS.noContent)
  })
  router.put('/connection', (request, response) => {
    phone.loseConnection(new Fields(request.body).flag('loses'))
    response.sendStatus(STATUS.noContent)
  })
  router.put('/provider', (request, response) => {
    phone.allowPasskeys(new Fields(request.body).flag('isOn'))
    response.sendStatus(STATUS.noContent)
  })
}

function addContents(router: Router, phone: VirtualPhone): void {
  router.delete('/message', (_request, response) => {
    phone.showMessage(undefined)
    response.sendStatus(STATUS.noContent)
  })
  router.delete('/passkeys/:id', async (request, response) => {
    if (!(await phone.delete(request.params.id))) throw gone()
    response.sendStatus(STATUS.noContent)
  })
  router.post('/passkeys/:id/acceptance', async (request, response) => {
    if (!(await phone.accept(request.params.id))) throw gone()
    response.sendStatus(STATUS.noContent)
  })
  router.delete('/laptops/:id', async (request, response) => {
    if (!(await phone.forgetLaptop(request.params.id))) throw gone()
    response.sendStatus(STATUS.noContent)
  })
}

function addApp(router: Router, app: AuthenticatorApp): void {
  router.post('/app/session', async (request, response) => {
    const fields = new Fields(request.body)
    await app.signIn(fields.text('userName'), fields.text('password'))
    response.sendStatus(STATUS.noContent)
  })
  router.post('/app/passkey', async (request, response) => {
    // The page that asks is the app: when it goes, the phone asks no longer.
    const closed = new AbortController()
    response.on('close', () => closed.abort())
    await app.addPasskey(new Fields(request.body).text('code'), closed.signal)
    response.sendStatus(STATUS.noContent)
  })
}

function gone(): Problem {
  return new Problem(STATUS.notFound, { code: 'gone', message: 'This is not there any more.' })
}
