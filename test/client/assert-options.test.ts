import { expect, test } from 'vitest'
import { assertCreationOptions, assertRequestOptions } from '../../src/index.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { thrownBy } from '../support/thrown.js'

const PLATFORM_ONLY = { ...CREATION_OPTIONS, authenticatorSelection: { authenticatorAttachment: 'platform' } }

test('JSON that create or get would take passes', () => {
  expect(thrownBy(() => assertCreationOptions(CREATION_OPTIONS))).toBeUndefined()
  expect(thrownBy(() => assertCreationOptions(PLATFORM_ONLY, 'platform'))).toBeUndefined()
  expect(thrownBy(() => assertRequestOptions({ challenge: 'AQID' }))).toBeUndefined()
})

test.each<[string, string, () => void]>([
  ['no object', 'TypeError', () => assertCreationOptions('{}')],
  ['no user', 'TypeError', () => assertCreationOptions({ ...CREATION_OPTIONS, user: undefined })],
  ['another authenticator', 'NotAllowedError', () => assertCreationOptions(PLATFORM_ONLY)],
  ['no challenge', 'TypeError', () => assertRequestOptions({})],
  ['null', 'TypeError', () => assertRequestOptions(null)],
])('%s is refused as a %s', (_what, name, check) => {
  expect(thrownBy(check)).toMatchObject({ name, cause: { kind: 'usage' } })
})
