import { unlessAborted } from '../async/unless-aborted.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { CtapContext } from '../ports/ctap-handler.js'
import type { Consent, ConsentAnswer, ConsentRequest } from './consent.js'
import { refusal } from './refusal.js'

/** A user who said yes. */
export interface Approval {
  readonly userVerified: boolean
  /** Index into the accounts of the request. */
  readonly account: number
}

/**
 * Asks the user and waits until they answer or the client is gone.
 * @returns undefined to hang up: the user refused in that way, or the client is gone.
 * @throws CtapError ERR_OPERATION_DENIED or ERR_USER_ACTION_TIMEOUT; what the consent port throws.
 */
export async function askUser(
  consent: Consent,
  request: ConsentRequest,
  context: CtapContext,
): Promise<Approval | undefined> {
  const { proximity, qrAgeSeconds } = context
  const prompt = {
    ...request,
    proximity,
    qrAgeSeconds,
  }
  const answer = await unlessAborted(context.signal, () => {
    context.awaitingUser()
    return consent.ask(prompt, context.signal)
  })
  if (answer === undefined) return undefined
  if (!answer.approved) {
    throwStatusOf(answer)
    return undefined
  }
  if (request.userVerification && !answer.userVerified) throw refusal(CTAP_STATUS.ERR_OPERATION_DENIED)
  return { userVerified: answer.userVerified, account: answer.account ?? 0 }
}

// `hang-up` has no status.
function throwStatusOf({ how }: Extract<ConsentAnswer, { approved: false }>): void {
  if (how === 'deny') throw refusal(CTAP_STATUS.ERR_OPERATION_DENIED)
  if (how === 'timeout') throw refusal(CTAP_STATUS.ERR_USER_ACTION_TIMEOUT)
}
