import { describe, expect, test } from 'vitest'
import {
  createLab,
  misbehavingVerifier,
  misbehavingWallet,
  VERIFIER_MISBEHAVIOURS,
  VirtualClock,
  WALLET_MISBEHAVIOURS,
} from '../../src/testing.js'
import type { VerifierMisbehaviour, WalletMisbehaviour } from '../../src/testing.js'
import { VirtualWallet } from '../../src/virtual.js'
import { endOf } from '../support/ceremony-ends.js'

const PROTOCOL = 'openid4vp-v1-unsigned'

const WALLETS: Readonly<Record<WalletMisbehaviour, string>> = {
  'introduction-without-dc': 'feature-missing',
  'introduction-of-both-without-getinfo': 'post-handshake-malformed',
  'answer-unasked': 'message-unexpected',
  'ctap-unasked': 'message-unexpected',
  'no-answer': 'response-timeout',
  'hang-up-at-request': 'peer-closed',
  'answer-ctap': 'message-unexpected',
  'answer-twice': 'done',
  'answer-no-utf8': 'message-malformed',
  'answer-no-json': 'message-malformed',
  'answer-null': 'response-invalid',
  'answer-bomb-depth': 'message-malformed',
  'answer-bomb-values': 'message-malformed',
  'answer-prototype': 'response-invalid',
  'answer-other-protocol': 'response-invalid',
  'answer-bare': 'done',
  'answer-bare-text': 'wallet-data-invalid',
  'answer-data-and-error': 'response-invalid',
  'answer-neither': 'response-invalid',
  'answer-error-number': 'response-invalid',
  'answer-error-long': 'wallet-error',
}

describe('a client that asks for a digital credential meets a phone that misbehaves:', () => {
  test.each(Object.keys(WALLETS) as WalletMisbehaviour[])('%s', async how => {
    const clock = new VirtualClock()
    const lab = createLab({ clock })
    const phone = misbehavingWallet(lab, how)
    const running = lab
      .client()
      .getDigital(
        { requests: [{ protocol: PROTOCOL, data: {} }] },
        { origin: 'https://verifier.example', onQr: qr => phone.scan(qr.url) },
      )
    expect(await endOf(clock, running), WALLET_MISBEHAVIOURS[how]).toBe(WALLETS[how])
  })
})

const VERIFIERS: Readonly<Record<VerifierMisbehaviour, string>> = {
  'request-ctap': 'message-unexpected',
  'asks-twice': 'message-unexpected',
  'asks-again': 'message-unexpected',
  'asks-for-passkey-after': 'message-unexpected',
  'request-no-utf8': 'message-malformed',
  'request-no-json': 'message-malformed',
  'request-bomb-depth': 'message-malformed',
  'request-bomb-values': 'message-malformed',
  'request-of-another-shape': 'json-malformed',
  'goodbye-before-request': 'peer-closed',
  'no-goodbye': '1 answered',
}

describe('a phone with a wallet meets a client that misbehaves:', () => {
  test.each(Object.keys(VERIFIERS) as VerifierMisbehaviour[])('%s', async how => {
    const clock = new VirtualClock()
    const lab = createLab({ clock })
    const wallet = new VirtualWallet({ credentials: { [PROTOCOL]: {} } })
    const phone = lab.phone({ wallet })
    const running = phone.scan(misbehavingVerifier(lab, how).qrText)
    const end = await endOf(clock, running, ({ answered }) => `${answered} answered`)
    expect(end, VERIFIER_MISBEHAVIOURS[how]).toBe(VERIFIERS[how])
  })
})
