import assert from 'node:assert/strict'
import { decodeAuthenticatorData, encodeAuthenticatorData } from '../../../src/ctap/authenticator-data.js'
import { joinCommand, splitCommand } from '../../../src/ctap/commands.js'
import {
  COSE_ALGORITHM,
  decodeCoseKey,
  decodeEs256Key,
  encodeCoseKey,
  encodeEs256Key,
} from '../../../src/ctap/cose-key.js'
import {
  decodeGetAssertionRequest,
  decodeGetAssertionResponse,
  encodeGetAssertionRequest,
  encodeGetAssertionResponse,
} from '../../../src/ctap/get-assertion.js'
import { decodeGetInfo, encodeGetInfo } from '../../../src/ctap/get-info.js'
import {
  decodeMakeCredentialRequest,
  decodeMakeCredentialResponse,
  encodeMakeCredentialRequest,
  encodeMakeCredentialResponse,
} from '../../../src/ctap/make-credential.js'
import { statusName } from '../../../src/ctap/status.js'
import { encodeSubjectPublicKeyInfo } from '../../../src/ctap/subject-public-key-info.js'
import { CtapError } from '../../../src/errors.js'
import { chromiumCreate, chromiumGet } from '../../ctap/recorded.js'
import { canonical, decoded, stable } from '../invariants.js'
import { choosing } from '../target.js'
import type { FuzzTarget } from '../target.js'

const FLAGS_OFFSET = 32
const RESERVED_FLAGS = 0x22

const created = decodeMakeCredentialResponse(chromiumCreate.response)
const asserted = decodeGetAssertionResponse(chromiumGet.response)
const publicKey = decodeAuthenticatorData(created.authData).attestedCredential?.publicKey ?? new Uint8Array()

const mlDsaKey = encodeCoseKey({
  type: 'akp',
  algorithm: COSE_ALGORITHM.mlDsa44,
  publicKey: new Uint8Array(1312),
})

/** The same bytes but for flags that nobody has given a meaning. */
function authenticatorData(input: Uint8Array): void {
  const data = decoded(decodeAuthenticatorData, input)
  if (data === undefined) return
  const flags = (input[FLAGS_OFFSET] ?? 0) & ~RESERVED_FLAGS
  assert.deepEqual(encodeAuthenticatorData(data), input.with(FLAGS_OFFSET, flags))
}

function coseKey(input: Uint8Array): void {
  stable(decodeCoseKey, encodeCoseKey)(input)
  const key = decoded(decodeCoseKey, input)
  if (key !== undefined) decoded(() => encodeSubjectPublicKeyInfo(key), input)
  stable(decodeEs256Key, encodeEs256Key)(input)
}

function status(input: Uint8Array): void {
  assert.ok(statusName(input[0] ?? 0).length > 0)
}

export const ctap: FuzzTarget = {
  name: 'ctap',
  about: 'getInfo, makeCredential, getAssertion, authenticator data, COSE keys',
  maxBytes: 1500,
  words: ['alg', 'type', 'public-key', 'id', 'name', 'displayName', 'rk', 'uv', 'up', 'fmt'],
  ...choosing([
    { seeds: [chromiumCreate.getInfo, chromiumGet.getInfo], run: stable(decodeGetInfo, encodeGetInfo) },
    {
      seeds: [chromiumCreate.request],
      run: stable(decodeMakeCredentialRequest, encodeMakeCredentialRequest),
    },
    {
      seeds: [chromiumCreate.response, Uint8Array.of(0x27)],
      run: stable(decodeMakeCredentialResponse, encodeMakeCredentialResponse, CtapError),
    },
    { seeds: [chromiumGet.request], run: stable(decodeGetAssertionRequest, encodeGetAssertionRequest) },
    {
      seeds: [chromiumGet.response, Uint8Array.of(0x2e)],
      run: stable(decodeGetAssertionResponse, encodeGetAssertionResponse, CtapError),
    },
    { seeds: [created.authData, asserted.authData], run: authenticatorData },
    { seeds: [publicKey, mlDsaKey], run: coseKey },
    { seeds: [chromiumGet.request], run: canonical(splitCommand, joinCommand) },
    { seeds: [Uint8Array.of(0x2e)], run: status },
  ]),
}
