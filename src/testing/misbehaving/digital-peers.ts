import { VirtualWallet } from '../../virtual/virtual-wallet.js'
import type { Lab } from '../lab.js'
import { PlayedClient } from './client.js'
import { VERIFIER_BEHAVIOURS, WALLET_BEHAVIOURS } from './digital-behaviours.js'
import type { VerifierMisbehaviour, WalletMisbehaviour } from './digital-catalogue.js'
import type { MisbehavingClient, MisbehavingPhone } from './peers.js'
import { PlayedPhone } from './phone.js'

/**
 * A phone in a lab that is asked for a digital credential and misbehaves in one way, and is decent up to there: its wallet has one for
 * `openid4vp-v1-unsigned`.
 *
 * @example
 * import assert from 'node:assert/strict'
 *
 * const phone = misbehavingWallet(lab, 'answer-other-protocol')
 * const requests = [{ protocol: 'openid4vp-v1-unsigned', data: {} }]
 * const asked = lab.client().getDigital({ requests }, { origin, onQr: qr => phone.scan(qr.url) })
 * await assert.rejects(asked, { code: 'response-invalid' })
 */
export function misbehavingWallet({ surroundings }: Lab, how: WalletMisbehaviour): MisbehavingPhone {
  const wallet = new VirtualWallet({ credentials: { 'openid4vp-v1-unsigned': { vp_token: {} } } })
  return { scan: text => new PlayedPhone(surroundings, WALLET_BEHAVIOURS[how], wallet, text).over }
}

/**
 * A laptop in a lab that comes for a digital credential and misbehaves in one way, and is decent up to there.
 *
 * @example
 * import assert from 'node:assert/strict'
 *
 * const { qrText } = misbehavingVerifier(lab, 'request-ctap')
 * const phone = lab.phone({ wallet: new VirtualWallet() })
 * await assert.rejects(phone.scan(qrText), { code: 'message-unexpected' })
 */
export function misbehavingVerifier({ surroundings }: Lab, how: VerifierMisbehaviour): MisbehavingClient {
  return new PlayedClient(surroundings, VERIFIER_BEHAVIOURS[how])
}
