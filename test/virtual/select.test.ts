import { expect, it } from 'vitest'
import { CTAP_COMMAND } from '../../src/ctap/commands.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import type { ConsentAnswer, PhoneProfileName } from '../../src/virtual.js'
import { APPROVE, createTestPhone } from '../support/virtual-phone.js'

const SELECTION = Uint8Array.of(CTAP_COMMAND.selection)

it.each<[string, ConsentAnswer, number | undefined]>([
  ['approves', APPROVE, 0],
  ['approves without verification', { approved: true, userVerified: false }, 0],
  ['refuses', { approved: false, how: 'deny' }, 0x27],
  ['does not react', { approved: false, how: 'timeout' }, 0x2f],
  ['hangs up', { approved: false, how: 'hang-up' }, undefined],
])('the user of a phone that is to be selected %s', async (_, answer, status) => {
  const phone = createTestPhone(() => Promise.resolve(answer))
  expect(await phone.send(SELECTION)).toEqual(status === undefined ? undefined : Uint8Array.of(status))
  expect(phone.asked).toEqual([
    { operation: 'select', rpId: '', rpName: '', accounts: [], userVerification: false },
  ])
})

// protocol.md 15.3.
const ABORTING: readonly PhoneProfileName[] = ['android', 'ms-authenticator']

it.each(Object.keys(PHONE_PROFILES) as PhoneProfileName[])('%s can be selected, or aborts', async profile => {
  const phone = createTestPhone(undefined, { profile })
  const aborts = ABORTING.includes(profile)
  expect(await phone.send(SELECTION)).toEqual(aborts ? undefined : Uint8Array.of(0))
  expect(phone.asked).toHaveLength(aborts ? 0 : 1)
})
