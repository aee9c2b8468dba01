import type { RelyingParty } from '../../testing/relying-party.js'
import { HttpFailure, STATUS } from '../http/http-failure.js'
import { readAuthentication, readRegistration } from './response-json.js'

/** What was verified. */
interface Verified {
  readonly ceremony: 'registration' | 'authentication'
  /** base64url. */
  readonly credentialId: string
}

/** What the demo relying party works with. */
export interface Desk {
  readonly relyingParty: RelyingParty
  /** Hears of each response that was verified. */
  onVerified(verified: Verified): void
}

/** The pages under one path. */
interface Route {
  readonly method: 'GET' | 'POST'
  run(desk: Desk, body: Buffer): unknown
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', { method: 'GET', run: ({ relyingParty }) => page(relyingParty.origin) }],
  ['/registration/options', { method: 'GET', run: creationOptions }],
  ['/registration', { method: 'POST', run: register }],
  ['/authentication/options', { method: 'GET', run: ({ relyingParty }) => relyingParty.requestOptions() }],
  ['/authentication', { method: 'POST', run: signIn }],
])

/** The route of a request. @throws HttpFailure. */
export function findRoute(method: string | undefined, path: string | undefined): Route {
  const route = ROUTES.get(path ?? '')
  if (route === undefined) throw new HttpFailure(STATUS.notFound, 'no such page; see /')
  if (route.method !== method)
    throw new HttpFailure(STATUS.wrongMethod, `this page takes ${route.method} only`)
  return route
}

function page(origin: string): string {
  return `A demo relying party, ${origin}

GET  /registration/options    PublicKeyCredentialCreationOptionsJSON; excludes what is registered
POST /registration            RegistrationResponseJSON
GET  /authentication/options  PublicKeyCredentialRequestOptionsJSON
POST /authentication          AuthenticationResponseJSON
`
}

function creationOptions({ relyingParty }: Desk): Promise<object> {
  const excludeCredentials = relyingParty.credentials.map(({ id }) => ({ id }))
  return relyingParty.creationOptions({ excludeCredentials })
}

async function register(desk: Desk, body: Buffer): Promise<object> {
  const response = readRegistration(parse(body))
  return verified(desk, 'registration', (await desk.relyingParty.register(response)).id)
}

async function signIn(desk: Desk, body: Buffer): Promise<object> {
  const response = readAuthentication(parse(body))
  return verified(desk, 'authentication', (await desk.relyingParty.signIn(response)).id)
}

function verified(desk: Desk, ceremony: Verified['ceremony'], credentialId: string): object {
  desk.onVerified({ ceremony, credentialId })
  return { verified: true, credentialId }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new HttpFailure(STATUS.bad, 'the body is not JSON')
  }
}
