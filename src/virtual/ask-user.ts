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
 * @returns undefined to hang up: the user does not want to answer, or nobody is there to hear it.
 * @throws CtapError ERR_OPERATION_DENIED or ERR_USER_ACTION_TIMEOUT; whatever the consent port throws.
 */
export async function askUser(
  consent: Consent,
  request: ConsentRequest,
  context: CtapContext,
): Promise<Approval | undefined> {
  const { proximity, qrAgeSeconds } = context
  const prompt = {
    ...request,
    ...(proximity !== undefined && { proximity }),
    ...(qrAgeSeconds !== undefined && { qrAgeSeconds }),
  }
  const answer = await untilAborted(context.signal, () => {
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

/** undefined as soon as the signal fires, also when the prompt then answers or fails. */
async function untilAborted<Answer>(
  signal: AbortSignal,
  prompt: () => Promise<Answer>,
): Promise<Answer | undefined> {
  if (isAborted(signal)) return undefined
  const abortion = listenForAbort(signal)
  try {
    const answer = await Promise.race([abortion.happened, prompt()])
    return isAborted(signal) ? undefined : answer
  } catch (error) {
    if (isAborted(signal)) return undefined
    throw error
  } finally {
    abortion.forget()
  }
}

interface Abortion {
  readonly happened: Promise<undefined>
  forget(): void
}

function listenForAbort(signal: AbortSignal): Abortion {
  let listener = (): void => undefined
  const happened = new Promise<undefined>(resolve => {
    listener = () => {
      resolve(undefined)
    }
    signal.addEventListener('abort', listener)
  })
  return {
    happened,
    forget: () => {
      signal.removeEventListener('abort', listener)
    },
  }
}

// A function, because the property changes behind the type checker’s back.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
