import { cborMap } from 'fido-hybrid/wire'
import type { CborMap } from 'fido-hybrid/wire'

const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 37 + length) % 256)
const record = (members: Readonly<Record<string, string | number | boolean | Uint8Array>>): CborMap =>
  cborMap(Object.entries(members))
const parameters = (alg: number): CborMap => record({ alg, type: 'public-key' })
const descriptor = (length: number): CborMap => record({ id: bytes(length), type: 'public-key' })

const [LARGE_LIST, CREDENTIAL_ID_BYTES] = [64, 64]

/** What really goes through a tunnel, as values. Maps are in the order in which they are written. */
export const MESSAGES: Readonly<Record<string, CborMap>> = {
  getInfo: cborMap([
    [1, ['FIDO_2_0', 'FIDO_2_1']],
    [2, ['prf']],
    [3, bytes(16)],
    [4, record({ rk: true, uv: true, plat: false })],
    [5, 1200],
    [9, ['internal', 'hybrid']],
    [10, [parameters(-7)]],
  ]),
  'makeCredential request': cborMap([
    [1, bytes(32)],
    [2, record({ id: 'example.com', name: 'Example' })],
    [3, record({ id: bytes(32), name: 'ada@example.com', displayName: 'Ada' })],
    [4, [parameters(-7), parameters(-257)]],
    [5, [descriptor(CREDENTIAL_ID_BYTES)]],
    [7, record({ rk: true, uv: true })],
  ]),
  'makeCredential response': cborMap([
    [1, 'packed'],
    [2, bytes(196)],
    [
      3,
      cborMap([
        ['alg', -7],
        ['sig', bytes(71)],
        ['x5c', [bytes(720)]],
      ]),
    ],
  ]),
  'getAssertion request': cborMap([
    [1, 'example.com'],
    [2, bytes(32)],
    [3, [descriptor(CREDENTIAL_ID_BYTES)]],
    [5, record({ uv: true })],
  ]),
  'getAssertion response': cborMap([
    [1, descriptor(32)],
    [2, bytes(37)],
    [3, bytes(71)],
    [4, record({ id: bytes(32), name: 'ada@example.com', displayName: 'Ada' })],
  ]),
  'allow list of 64': cborMap([
    [1, 'example.com'],
    [2, bytes(32)],
    [3, Array.from({ length: LARGE_LIST }, () => descriptor(CREDENTIAL_ID_BYTES))],
    [5, record({ uv: true })],
  ]),
}
