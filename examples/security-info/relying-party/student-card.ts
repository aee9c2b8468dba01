import { Router } from 'express'
import type { DigitalCredentialOptions, JsonObject } from 'fido-hybrid'
import type { Protocol, Question, VerifierOptions } from '../../digital-credential/question.js'
import { ask } from '../../digital-credential/verifier.js'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import type { ShownCardView } from '../wire/student-card.js'
import { signedIn } from './session.js'
import type { Users } from './users.js'

/** The wallet answers the first that it can. */
const PROTOCOLS: readonly Protocol[] = ['openid4vp-v1-signed', 'openid4vp-v1-unsigned', 'org-iso-mdoc']
/** What a discount needs, and no more. */
const WANTED = ['given_name', 'student_number']
const QUESTION_MS = 10 * 60_000
const SESSIONS_MAX = 100

/** Asks the signed-in user for a student card. */
export function studentCardRoutes(verifier: VerifierOptions, users: Users): Router {
  const router = Router()
  const questions = new Questions()
  router.post('/student-card/request', async (request, response) => {
    signedIn(request, users)
    const asked = await Promise.all(PROTOCOLS.map(protocol => ask(verifier, protocol, WANTED)))
    questions.keep(request.sessionID, asked)
    const options: DigitalCredentialOptions = { requests: asked.map(question => question.request) }
    response.json(options)
  })
  router.post('/student-card', async (request, response) => {
    signedIn(request, users)
    const fields = new Fields(request.body)
    const protocol = fields.oneOf('protocol', PROTOCOLS)
    const data = fields.json('data')
    response.json(await verified(questions.take(request.sessionID, protocol), data))
  })
  return router
}

/** @throws Problem `card-invalid`. */
async function verified(question: Question, data: JsonObject): Promise<ShownCardView> {
  try {
    const { claims, checks } = await question.verify(data)
    const texts = WANTED.map(name => [name, String(claims[name])] as const)
    return { claims: Object.fromEntries(texts), checks }
  } catch {
    const message = 'The card does not verify. Try again.'
    throw new Problem(STATUS.bad, { code: 'card-invalid', message })
  }
}

/** What was asked of each session last: good for one answer, in time. */
class Questions {
  readonly #asked = new Map<string, { readonly questions: readonly Question[]; readonly expiresAt: number }>()

  keep(session: string, questions: readonly Question[]): void {
    this.#asked.delete(session)
    const [oldest] = this.#asked.keys()
    if (this.#asked.size >= SESSIONS_MAX && oldest !== undefined) this.#asked.delete(oldest)
    this.#asked.set(session, { questions, expiresAt: Date.now() + QUESTION_MS })
  }

  /** @throws Problem `challenge-void`. */
  take(session: string, protocol: Protocol): Question {
    const asked = this.#asked.get(session)
    this.#asked.delete(session)
    const question = asked?.questions.find(({ request }) => request.protocol === protocol)
    if (question !== undefined && (asked?.expiresAt ?? 0) > Date.now()) return question
    const message = 'This attempt has expired. Start again.'
    throw new Problem(STATUS.bad, { code: 'challenge-void', message })
  }
}
