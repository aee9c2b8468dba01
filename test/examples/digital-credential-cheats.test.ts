import { createHash } from 'node:crypto'
import { CoseKey, DeviceRequest, Holder, IssuerSigned } from '@owf/mdoc'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { seal, sessionTranscript } from '../../examples/digital-credential/annex-c.js'
import { jwkOf } from '../../examples/digital-credential/keys.js'
import { mdocContext } from '../../examples/digital-credential/mdoc-context.js'
import type { Question } from '../../examples/digital-credential/question.js'
import { presenting } from '../../examples/digital-credential/sd-jwt.js'
import { ask } from '../../examples/digital-credential/verifier.js'
import type { JsonObject } from '../../src/message/json.js'
import { ORIGIN, EVIL, UNSIGNED, MDOC, WANTED, museum, card, keys } from '../support/student-cards.js'

describe('a holder who cheats', () => {
  const asSdJwt = (presentation: string): JsonObject => ({ vp_token: { card: [presentation] } })
  const nonceOf = ({ request }: Question): string => (request.data as { nonce: string }).nonce

  /** Signs a presentation of anything by hand. */
  async function bound(shown: string, changes: Record<string, unknown>, signer = keys): Promise<JsonObject> {
    const payload = {
      iat: Math.floor(Date.now() / 1000),
      aud: `origin:${ORIGIN}`,
      sd_hash: createHash('sha256').update(shown).digest('base64url'),
      ...changes,
    }
    const jwt = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'kb+jwt' })
      .sign(signer.privateKey)
    return asSdJwt(`${shown}${jwt}`)
  }
  const shownCard = (): Promise<string> =>
    presenting(keys.privateKey).present(card.sdJwt, { given_name: true, student_number: true })

  test('is believed where the hands are right', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const data = await bound(await shownCard(), { nonce: nonceOf(question) })
    expect((await question.verify(data)).claims).toMatchObject({ given_name: 'Ada' })
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['another audience', { aud: `origin:${EVIL}` }, /shown to origin:https:\/\/evil/],
    ['the bare origin for an audience', { aud: ORIGIN }, /shown to/],
    ['another nonce', { nonce: 'other' }, /nonce/i],
    ['another card’s hash', { sd_hash: 'AAAA' }, /sd_hash/],
    ['a time that is gone', { iat: Math.floor(Date.now() / 1000) - 600 }, /another time/],
  ])('is not believed with %s', async (_, changes, reason) => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const data = await bound(await shownCard(), { nonce: nonceOf(question), ...changes })
    await expect(question.verify(data)).rejects.toThrow(reason)
  })

  test('is not believed without a signature of the phone', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    await expect(question.verify(asSdJwt(await shownCard()))).rejects.toThrow(/Key Binding/)
  })

  test('is not believed with a claim of his own', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const [jwt = '', ...disclosures] = (await shownCard()).split('~')
    const tampered = disclosures.map(text => {
      const [salt, name] =
        text === '' ? [] : (JSON.parse(Buffer.from(text, 'base64url').toString()) as string[])
      return name === 'given_name'
        ? Buffer.from(JSON.stringify([salt, name, 'Eve'])).toString('base64url')
        : text
    })
    const data = await bound([jwt, ...tampered].join('~'), { nonce: nonceOf(question) })
    await expect(question.verify(data)).rejects.toThrow()
  })

  test('is not believed with a card that is good for longer than the college says', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const [header, payload = '', signature] = card.sdJwt.slice(0, card.sdJwt.indexOf('~')).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
    const longer = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url')
    const [, ...disclosures] = (await shownCard()).split('~')
    const data = await bound([[header, longer, signature].join('.'), ...disclosures].join('~'), {
      nonce: nonceOf(question),
    })
    await expect(question.verify(data)).rejects.toThrow(/signature/i)
  })

  test('is not believed who shows less than was asked for', async () => {
    const question = await ask(museum, UNSIGNED, WANTED)
    const less = await presenting(keys.privateKey).present(card.sdJwt, { given_name: true })
    await expect(question.verify(await bound(less, { nonce: nonceOf(question) }))).rejects.toThrow()
  })

  /** Answers an Annex C request by hand. */
  async function deviceResponse(
    { request }: Question,
    changes: { transcriptOf?: Question; origin?: string; mdoc?: Uint8Array; requested?: Question } = {},
  ): Promise<JsonObject> {
    const infoOf = (question: { data: object }): string =>
      (question.data as { encryptionInfo: string }).encryptionInfo
    const asked = (changes.requested?.request ?? request).data as { deviceRequest: string }
    const signed = infoOf(changes.transcriptOf?.request ?? request)
    const response = await Holder.createDeviceResponseForDeviceRequest(
      {
        deviceRequest: DeviceRequest.decode(Buffer.from(asked.deviceRequest, 'base64url')),
        issuerSigned: [IssuerSigned.decode(changes.mdoc ?? card.mdoc)],
        sessionTranscript: await sessionTranscript(signed, changes.origin ?? ORIGIN),
        signature: { signingKey: CoseKey.fromJwk({ ...(await jwkOf(keys.privateKey)), alg: 'ES256' }) },
      },
      mdocContext,
    )
    return { response: await seal(response.encode(), infoOf(request), ORIGIN) }
  }

  test('is believed with an mdoc where the hands are right', async () => {
    const question = await ask(museum, MDOC, WANTED)
    expect((await question.verify(await deviceResponse(question))).claims).toMatchObject({
      given_name: 'Ada',
    })
  })

  test('is not believed with an mdoc that was signed for another request or origin', async () => {
    const [question, other] = await Promise.all([ask(museum, MDOC, WANTED), ask(museum, MDOC, WANTED)])
    for (const changes of [{ transcriptOf: other }, { origin: EVIL }])
      await expect(question.verify(await deviceResponse(question, changes))).rejects.toThrow(/signature/i)
  })

  test('is not believed with an element of his own', async () => {
    const question = await ask(museum, MDOC, WANTED)
    const mdoc = Buffer.from(card.mdoc)
    mdoc.write('Eve', mdoc.indexOf('Ada'))
    await expect(question.verify(await deviceResponse(question, { mdoc }))).rejects.toThrow(/digest/)
  })

  test('is not believed with an mdoc that is good for longer than the college says', async () => {
    const question = await ask(museum, MDOC, WANTED)
    const mdoc = Buffer.from(card.mdoc)
    const at = mdoc.indexOf('validUntil')
    mdoc.write('2999', mdoc.indexOf(String(new Date().getFullYear()), at))
    await expect(question.verify(await deviceResponse(question, { mdoc }))).rejects.toThrow(/signature/i)
  })

  test('is not believed with an mdoc that shows less than was asked for', async () => {
    const [question, requested] = await Promise.all([
      ask(museum, MDOC, WANTED),
      ask(museum, MDOC, ['given_name']),
    ])
    await expect(question.verify(await deviceResponse(question, { requested }))).rejects.toThrow(/match/)
  })
})
