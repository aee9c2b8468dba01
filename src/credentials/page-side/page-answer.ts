import type { Credentials } from '../create-credentials.js'
import { readAssertionRequest, readCreationRequest } from '../credential-requests.js'
import { isRequest } from './message-reader.js'
import type { AbilityQuestion, RequestQuestion, SignalQuestion } from './page-messages.js'
import { requestOf, signalOf } from './page-values.js'

/** What a container can answer. */
export type ContainerQuestion = RequestQuestion | SignalQuestion | AbilityQuestion

/** Has a container answer a page, whose options it checks. @returns what JSON holds. */
export async function answered(
  credentials: Credentials,
  question: ContainerQuestion,
  signal: AbortSignal,
): Promise<unknown> {
  const { PublicKeyCredential } = credentials
  switch (question.kind) {
    case 'create':
      return await jsonOf(credentials.create(requestOf(question, signal)))
    case 'get':
      return await jsonOf(credentials.get(requestOf(question, signal)))
    case 'signalUnknownCredential':
    case 'signalAllAcceptedCredentials':
    case 'signalCurrentUserDetails':
      return PublicKeyCredential[question.kind](signalOf(question.options))
    case 'getClientCapabilities':
    case 'isUserVerifyingPlatformAuthenticatorAvailable':
      return PublicKeyCredential[question.kind]()
  }
}

/** Checks what can be checked before anybody is asked. @throws UsageError where the page’s own options are at fault. */
export function checkQuestion(question: RequestQuestion | SignalQuestion): void {
  if (!isRequest(question) || question.digital !== undefined) return
  const options = requestOf(question, new AbortController().signal)
  if (question.kind === 'create') readCreationRequest(options)
  else readAssertionRequest(options)
}

async function jsonOf(asked: Promise<{ toJSON(): unknown } | null>): Promise<unknown> {
  return (await asked)?.toJSON() ?? null
}
