import { CTAP_STATUS } from '../ctap/status.js'
import type { CtapContext } from '../ports/ctap-handler.js'
import { askUser } from './ask-user.js'
import type { ConsentRequest } from './consent.js'
import { refusal } from './refusal.js'
import type { VirtualDevice } from './virtual-device.js'

const SELECTION: ConsentRequest = {
  operation: 'select',
  rpId: '',
  rpName: '',
  accounts: [],
  userVerification: false,
}

/**
 * authenticatorSelection (CTAP 2.2 section 6.9): the user says whether this is the authenticator to use.
 * @returns undefined to hang up.
 * @throws CtapError with the status to answer.
 */
export async function select(
  { profile, consent }: VirtualDevice,
  request: Uint8Array,
  context: CtapContext,
): Promise<Uint8Array | undefined> {
  if (!profile.answersLesserCommands) throw refusal(CTAP_STATUS.ERR_INVALID_COMMAND)
  if (request.length > 1) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
  const approval = await askUser(consent, SELECTION, context)
  return approval && Uint8Array.of(CTAP_STATUS.SUCCESS)
}
