import { decodedOrUndefined } from '../../bytes/decoded.js'
import { isJsonObject, jsonMember } from '../../digital/members.js'
import { readDigitalRequest } from '../../digital/digital-request.js'
import type { DigitalRequestMessage } from '../../digital/digital-request.js'
import { decodeJson } from '../../message/json.js'
import type { JsonObject, JsonValue } from '../../message/json.js'
import type { JsonHandler } from '../../ports/ctap-handler.js'
import { VirtualWallet } from '../../virtual/virtual-wallet.js'
import type { WalletConsent } from '../../virtual/virtual-wallet.js'
import { badUsage } from '../failure.js'
import { readInput, textOf } from '../input.js'
import type { Invocation } from '../invocation.js'
import { chooseWalletConsent } from '../options/wallet-consent.js'
import { printable } from '../text/printable.js'
import type { PhoneWatch } from './watch.js'

const MAX_WALLET_BYTES = 1024 * 1024

/**
 * The wallet of `--wallet`; undefined without the option.
 * @param stop ends the run, as Ctrl-C at the prompt does.
 * @throws CommandLineError for a file that is not a wallet.
 */
export async function readWallet(
  invocation: Invocation,
  stop: AbortController,
  watch: PhoneWatch,
): Promise<JsonHandler | undefined> {
  const how = invocation.options.text('wallet')
  if (how === undefined) return undefined
  const wallet =
    how === 'decline' || how === 'wait'
      ? new VirtualWallet({ behaviour: how })
      : new VirtualWallet({
          credentials: await readCredentials(how, invocation),
          consent: shownConsent(invocation, chooseWalletConsent(invocation, stop)),
        })
  return watchedWallet(invocation, wallet, watch)
}

async function readCredentials(
  path: string,
  { surroundings: { stdin, signal } }: Invocation,
): Promise<Readonly<Record<string, JsonObject>>> {
  const bytes = await readInput({ path, stdin }, { name: '--wallet', maxBytes: MAX_WALLET_BYTES, signal })
  const json = decodedOrUndefined(() => decodeJson(textOf(bytes)))
  if (isJsonObject(json) && Object.values(json).every(isJsonObject))
    return json as Readonly<Record<string, JsonObject>>
  throw badUsage('--wallet takes decline, wait, or a JSON file {"<protocol>": {…}}')
}

/** Shows a request that is decided without a question. */
function shownConsent({ output }: Invocation, consent: WalletConsent): WalletConsent {
  return (request, signal) => {
    const { kind: operation, origin, protocol, asks, proximity, qrAgeSeconds } = request
    output.event({ event: 'consent', operation, origin, protocol, asks, proximity, qrAgeSeconds })
    return consent(request, signal)
  }
}

/** Tells what the wallet answered: `presented` or `issued`, `refused` for its user, else `answered` with the failure. */
function watchedWallet({ output }: Invocation, wallet: VirtualWallet, watch: PhoneWatch): JsonHandler {
  const tell = (request: DigitalRequestMessage, answer: JsonValue): void => {
    const { kind: operation, origin } = request
    const digital = jsonMember(jsonMember(answer, 'response'), 'digital')
    const error = jsonMember(digital, 'error')
    if (error === 'USER_CANCELED') return watch.refused(operation, origin)
    if (typeof error === 'string') return watch.answered(error)
    const protocol = jsonMember(jsonMember(digital, 'data'), 'protocol')
    output.event({ event: operation === 'issuance' ? 'issued' : 'presented', origin, protocol })
    output.note(`gave ${printable(origin)} a digital credential`)
  }
  return {
    handleJson: async (message, context) => {
      const answer = await wallet.handleJson(message, context)
      if (answer !== undefined) tell(readDigitalRequest(message), answer)
      return answer
    },
  }
}
