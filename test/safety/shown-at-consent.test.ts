import { describe, expect, test } from 'vitest'
import { promptText } from '../../src/cli/phone/consent-prompt.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import type { ConsentRequest } from '../../src/virtual/consent.js'

const ORIGIN = 'https://example.com'
const ACCOUNT = { credentialId: Uint8Array.of(1), createdAt: 0, confirmed: true }
const TRICKS: readonly (readonly [string, string])[] = [
  ['a new line', 'ada\nApprove? [y] y'],
  ['a terminal escape', '\u001b[2J\u001b[1;1Hbank.example'],
  ['an eight-bit escape', '\u009b2J'],
  ['text turned around', '\u202emoc.elpmaxe\u202c'],
  ['isolates', '\u2066x\u2069'],
  ['a line separator', 'a\u2028b\u2029c'],
  ['nothing visible', '\u200b\ufeff\u00ad'],
  ['half a letter', '\ud800'],
]
const HARMFUL = /[\p{C}\p{Zl}\p{Zp}]/u

function request(text: string, operation: ConsentRequest['operation']): ConsentRequest {
  const user = { id: Uint8Array.of(1), name: text, displayName: text }
  return {
    operation,
    rpId: text,
    rpName: text,
    userVerification: true,
    ...(operation !== 'sign-in' && { user }),
    accounts: [{ ...ACCOUNT, userName: text, userDisplayName: text }],
  }
}

/** Its own lines, without those line breaks that the prompt has to have. */
const shown = (text: string, operation: ConsentRequest['operation']): string[] =>
  promptText(request(text, operation)).split('\n')

describe.each(['register', 'sign-in', 'already-registered'] as const)('at %s', operation => {
  test.each(TRICKS)('%s in names is made harmless', (_, trick) => {
    const lines = shown(trick, operation)
    expect(lines.filter(line => HARMFUL.test(line))).toEqual([])
    expect(lines).toHaveLength(shown('ada', operation).length)
  })

  test('the end of a long RP ID, which says whose it is, is shown', () => {
    const [, line] = shown(`bank.example.${'a.'.repeat(200)}evil.example`, operation)
    expect(line).toContain('…')
    expect(line?.split(' ')[0]).toMatch(/evil\.example$/)
  })

  test('a letter of an RP ID that only looks like another is shown by its number', () => {
    const [, line] = shown('ex\u0430mple.com', operation)
    expect(line).toMatch(/^ex\\u\{430\}mple\.com /)
  })

  test('long names are cut', () => {
    for (const line of shown('x'.repeat(10_000), operation)) expect(line.length).toBeLessThan(600)
  })
})

test('each operation comes to the prompt with its RP ID', async () => {
  const lab = createLab()
  const rp = await createRelyingParty({ origin: ORIGIN })
  const prompts: string[] = []
  const consent = {
    ask: (asked: ConsentRequest) => {
      prompts.push(promptText(asked))
      return Promise.resolve({ approved: true, userVerified: true } as const)
    },
  }
  const phone = lab.phone({ consent })
  const onQr = ({ url }: { url: string }): unknown => phone.scan(url)
  const ceremony = { origin: ORIGIN, onQr }
  const { id } = await rp.register(await lab.client().create(await rp.creationOptions(), ceremony))
  await rp.signIn(await lab.client().get(await rp.requestOptions(), ceremony))
  const again = await rp.creationOptions({ excludeCredentials: [{ id }] })
  await expect(lab.client().create(again, ceremony)).rejects.toMatchObject({ name: 'InvalidStateError' })
  expect(prompts).toHaveLength(3)
  expect(prompts[0]).toMatch(
    /^\nexample\.com \(.*\) wants to register a passkey\n|^\nexample\.com wants to register a passkey\n/,
  )
  expect(prompts[1]).toMatch(/^\nexample\.com .*wants you to sign in\n/)
  expect(prompts[2]).toMatch(/^\nexample\.com .*has one already/)
  for (const prompt of prompts) {
    expect(prompt).toMatch(/QR code: made \d s ago/)
    expect(prompt).toContain('nearness: simulated')
  }
})
