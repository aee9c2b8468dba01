import type { JsonObject } from 'fido-hybrid'
import type { VirtualWalletOptions, WalletRequest } from 'fido-hybrid/virtual'
import type { Prepare, Presentation, WalletContents } from './presentation.js'
import { prepareMdoc } from './wallet-mdoc.js'
import { prepareOpenId4vp } from './wallet-openid4vp.js'

const PREPARE: Readonly<Record<string, Prepare>> = {
  'openid4vp-v1-unsigned': prepareOpenId4vp,
  'openid4vp-v1-signed': prepareOpenId4vp,
  'org-iso-mdoc': prepareMdoc,
}

/**
 * The options of a `VirtualWallet` with one student card in it.
 * @param onPassedOver is told why a request is not shown to the user.
 */
export function studentWallet(
  contents: WalletContents,
  onPassedOver: (request: WalletRequest, reason: Error) => void = () => undefined,
): Required<Pick<VirtualWalletOptions, 'credentials' | 'matches'>> {
  const prepare = (request: WalletRequest): Promise<Presentation> => {
    const read = PREPARE[request.protocol]
    if (read === undefined || request.kind !== 'presentation') throw new Error('the wallet cannot do that')
    return read(request, contents)
  }
  const give = async (request: WalletRequest): Promise<JsonObject> => (await prepare(request))()
  const credentials = Object.fromEntries(Object.keys(PREPARE).map(protocol => [protocol, give]))
  const matches = async (request: WalletRequest): Promise<boolean> => {
    try {
      await prepare(request)
      return true
    } catch (error) {
      onPassedOver(request, error instanceof Error ? error : new Error(String(error)))
      return false
    }
  }
  return { credentials, matches }
}
