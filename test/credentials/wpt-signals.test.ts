import { describe, expect, test } from 'vitest'
import { creation, localLab } from './lab.js'

// What the files of web-platform-tests assert of signals; see wpt.md.

const challenge = new Uint8Array()

describe('signal-unknown-credential, -all-accepted-credentials, -current-user-details', () => {
  const rpId = 'login.example.com'
  const userId = 'AQIDBA'
  const names = { name: 'marisa', displayName: 'Marisa Kirisame' }

  test.each([
    [
      'an RP ID of others',
      { rpId: 'umbrella-corporation.example.com', userId, credentialId: 'AQ' },
      [],
      'SecurityError',
    ],
    [
      'text that is not base64url',
      { rpId, userId: 'Not base 64 url', credentialId: 'Not base 64 url' },
      [],
      'TypeError',
    ],
  ])('%s', async (_name, members, allAcceptedCredentialIds, name) => {
    const { PublicKeyCredential: type } = localLab().credentials
    await expect(type.signalUnknownCredential(members)).rejects.toMatchObject({ name })
    const all = type.signalAllAcceptedCredentials({ ...members, allAcceptedCredentialIds })
    await expect(all).rejects.toMatchObject({ name })
    await expect(type.signalCurrentUserDetails({ ...members, ...names })).rejects.toMatchObject({ name })
  })

  test('an accepted ID that is not base64url', async () => {
    const { PublicKeyCredential: type } = localLab().credentials
    const signal = type.signalAllAcceptedCredentials({
      rpId,
      userId,
      allAcceptedCredentialIds: ['not base 64'],
    })
    await expect(signal).rejects.toMatchObject({ name: 'TypeError' })
  })

  test('only the unknown credential goes', async () => {
    const { credentials, store } = localLab()
    const { id } = await credentials.create({ publicKey: creation() })
    const { PublicKeyCredential: type } = credentials
    await expect(type.signalUnknownCredential({ rpId, credentialId: 'AQIDBA' })).resolves.toBeUndefined()
    expect(await store.list()).toHaveLength(1)
    await type.signalUnknownCredential({ rpId, credentialId: id })
    expect(await store.list()).toEqual([])
    await expect(credentials.get({ publicKey: { challenge } })).rejects.toMatchObject({
      name: 'NotAllowedError',
    })
  })

  test.each<[string, string, (id: string) => string[], number]>([
    ['another user', 'BQYHCA', () => [], 1],
    ['a list with it', userId, id => [id], 1],
    ['a list with it and others', userId, id => [id, 'AQIDBA'], 1],
    ['an empty list', userId, () => [], 0],
    ['a list of others', userId, () => ['AQIDBA'], 0],
  ])('accepted: %s', async (_name, user, listFor, left) => {
    const { credentials, store } = localLab()
    const { id } = await credentials.create({ publicKey: creation() })
    const options = { rpId, userId: user, allAcceptedCredentialIds: listFor(id) }
    await credentials.PublicKeyCredential.signalAllAcceptedCredentials(options)
    expect(await store.list()).toHaveLength(left)
  })

  test.each([
    ['BQYHCA', 'reimu', 'Reimu Hakurei'],
    [userId, 'marisa', 'Marisa Kirisame'],
  ])('the names of user %s', async (user, userName, userDisplayName) => {
    const { credentials, store } = localLab()
    await credentials.create({ publicKey: creation() })
    await credentials.PublicKeyCredential.signalCurrentUserDetails({ rpId, userId: user, ...names })
    expect(await store.list()).toMatchObject([{ userName, userDisplayName }])
  })
})
