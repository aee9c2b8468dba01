import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { confirmAt, promptText, terminalConsent } from '../../src/cli/phone/consent-prompt.js'
import type { Terminal } from '../../src/cli/question.js'
import type { ConsentAccount, ConsentAnswer, ConsentRequest } from '../../src/virtual/consent.js'

const REGISTER: ConsentRequest = {
  operation: 'register',
  rpId: 'example.com',
  rpName: 'Example',
  user: { id: Uint8Array.of(1), name: 'ada', displayName: 'Ada' },
  accounts: [],
  userVerification: true,
}

const account = (name: string): ConsentAccount => ({
  credentialId: Uint8Array.of(1),
  userName: name,
  userDisplayName: name,
  createdAt: 0,
  confirmed: true,
})

const SIGN_IN: ConsentRequest = {
  operation: 'sign-in',
  rpId: 'example.com',
  rpName: '',
  accounts: [account('ada'), account('bob')],
  userVerification: true,
}

const REFUSED: ConsentAnswer = { approved: false, how: 'hang-up' }
const APPROVED: ConsentAnswer = { approved: true, userVerified: true }

let input: PassThrough
let interrupted: number
let gone: AbortController
beforeEach(() => {
  input = new PassThrough()
  interrupted = 0
  gone = new AbortController()
})
afterEach(() => input.destroy())

function terminal(): Terminal {
  const output = new PassThrough().resume()
  const onInterrupt = (): void => {
    interrupted += 1
    gone.abort()
  }
  return { input, output, onInterrupt }
}

function ask(request: ConsentRequest): Promise<ConsentAnswer> {
  return terminalConsent(terminal()).ask(request, gone.signal)
}

describe('an answer', () => {
  test.each([
    ['y', APPROVED],
    [' YES ', APPROVED],
    ['n', REFUSED],
    ['', REFUSED],
    ['1', REFUSED],
    ['yesterday', REFUSED],
    ['\u0004', REFUSED],
  ])('"%s" to a registration', async (line, answer) => {
    input.write(`${line}\n`)
    expect(await ask(REGISTER)).toEqual(answer)
  })

  test.each([
    ['y', APPROVED],
    ['2', { ...APPROVED, account: 1 }],
    ['3', REFUSED],
    ['0', REFUSED],
    ['n', REFUSED],
  ])('"%s" to a sign-in with one of two accounts', async (line, answer) => {
    input.write(`${line}\n`)
    expect(await ask(SIGN_IN)).toEqual(answer)
  })

  test('that never comes is a refusal when the input ends', async () => {
    const answer = ask(REGISTER)
    input.end()
    expect(await answer).toEqual(REFUSED)
  })

  test('is not waited for when the laptop has gone', async () => {
    const answer = ask(REGISTER)
    gone.abort()
    expect(await answer).toEqual(REFUSED)
    expect(input.isPaused()).toBe(true)
  })

  test('Ctrl-C interrupts the phone', async () => {
    const answer = ask(REGISTER)
    input.write('\u0003')
    await answer
    expect(interrupted).toBe(1)
  })
})

describe('an answer to whether the laptop may remember the phone', () => {
  test.each([
    ['y', true],
    [' Yes ', true],
    ['1', false],
    ['n', false],
    ['', false],
  ])('"%s"', async (line, answer) => {
    input.write(`${line}\n`)
    expect(await confirmAt(terminal(), 'Allow? ', gone.signal)).toBe(answer)
  })

  test('is a refusal when Ctrl-C comes instead', async () => {
    const answer = confirmAt(terminal(), 'Allow? ', gone.signal)
    input.write('\u0003')
    expect([await answer, interrupted, input.isPaused()]).toEqual([false, 1, true])
  })
})

describe('the question', () => {
  test('names relying party, operation and account', () => {
    expect(promptText(REGISTER)).toBe(
      '\nexample.com (Example) wants to register a passkey\n  account: Ada <ada>\nApprove? [y, or N] ',
    )
    const select = {
      operation: 'select',
      rpId: '',
      rpName: '',
      accounts: [],
      userVerification: false,
    } as const
    expect(promptText(select)).toBe('\nThe laptop asks whether to use this phone\nApprove? [y, or N] ')
    expect(promptText(SIGN_IN)).toBe(
      '\nexample.com wants you to sign in\n  1: ada\n  2: bob\nApprove? [y for 1, 2 to 2, or N] ',
    )
  })

  test.each([
    ['already-registered', 'delete it or accept it'],
    ['register', 'approving replaces it'],
  ] as const)('explains what an earlier try left behind: %s', (operation, cure) => {
    const left = { ...account('ada'), confirmed: false }
    const text = promptText({ ...REGISTER, operation, accounts: [left, account('bob')] })
    expect(text).toContain(`\n  already on this phone, never confirmed: ${cure} (AQ)\n`)
    expect(text.match(/never confirmed/g)).toHaveLength(1)
  })

  test('says that a passkey which works will be replaced, and when', () => {
    const text = promptText({ ...REGISTER, accounts: [account('ada')], replacesWorkingPasskey: true })
    expect(text).toContain(
      '\n  replaces the passkey of 1970-01-01 that works there today, once the new one is confirmed (AQ)\nApprove?',
    )
    const told = promptText({ ...REGISTER, operation: 'already-registered', accounts: [account('ada')] })
    expect(told).not.toContain('replaces')
  })

  test('marks the accounts of passkeys that may not work', () => {
    const accounts = [account('ada'), { ...account('ada'), confirmed: false }]
    expect(promptText({ ...SIGN_IN, accounts })).toContain('\n  1: ada\n  2: ada (never confirmed)\n')
  })

  test('cannot play tricks on the terminal', () => {
    const evil = '\u001b[2J\u0007\r\n\u202Egood.example\u2028\u0000'
    const text = promptText({
      ...SIGN_IN,
      operation: 'sign-in',
      rpId: evil,
      rpName: evil,
      user: { id: Uint8Array.of(1), name: evil, displayName: evil.repeat(100) },
      accounts: [account(evil)],
    })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028]/)
    expect(text.split('\n')).toHaveLength(5)
    expect(text.length).toBeLessThan(600)
  })
})
