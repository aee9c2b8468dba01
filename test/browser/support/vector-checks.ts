/** Tests that take one vector each from lists of the fixtures. */
export interface VectorCheck {
  readonly suite: string
  /** What their names have in common. */
  readonly name: RegExp
  /** FIXTURE.LIST; FIXTURE or FIXTURE.OBJECT where all of it is one vector. */
  readonly of: readonly string[]
}

const check = (suite: string, name: RegExp, ...of: readonly string[]): VectorCheck => ({
  suite: `test/${suite}.test`,
  name,
  of,
})

/** What the tests of the core make of every vector. */
export const VECTOR_CHECKS: readonly VectorCheck[] = [
  check('qr/digits', /^are written: /, 'base10.encode'),
  check('qr/digits', /^are read: /, 'base10.encode'),
  check('qr/digits', /^are refused: /, 'base10.invalid'),
  check('qr/payload', /^(?:reads|refuses): /, 'qr.known', 'qr.real'),
  check('qr/payload', /^(?:writes what it reads again|refuses): /, 'qr.known', 'qr.real'),
  check('qr/payload', /^writes back what Chromium/, 'chromium-156.qr'),
  check('qr/url', /^(?:reads|refuses): /, 'qr.known', 'qr.real'),
  check('qr/url', /^reads '/, 'qr.validUrls'),
  check('qr/url', /^refuses '/, 'qr.invalidUrls'),
  check('qr/url', /^reads what Chromium/, 'chromium-156.qr'),
  check('qr/url', /^writes back what Chromium/, 'chromium-156.qr'),
  check('qr/url', /^reads the code of the iOS trace$/, 'trace-ios'),
  check('advert/eid', /^is (?:read|refused): /, 'eid.adverts', 'eid.plaintexts'),
  check('advert/eid', /^is (?:written|refused): /, 'eid.adverts', 'eid.plaintexts'),
  check('advert/sealed-advert', /^agree on: /, 'eid.adverts', 'linking.stateAssisted'),
  check('advert/sealed-advert', /^reject: /, 'eid.rejected'),
  check('advert/sealed-advert', /^cuts what a Pixel sent$/, 'eid.capturedServiceData'),
  check('advert/suffix', /^(?:is read: |says nothing: ")/, 'eid.suffixes', 'eid.capturedServiceData'),
  check('advert/suffix', /^(?:is written: |says nothing: ")/, 'eid.suffixes', 'eid.capturedServiceData'),
  check('crypto/derive', /^'.*'$/, 'derive.derive'),
  check('crypto/derive', /^makes a private key from the seed/, 'derive.seedToKey'),
  check('crypto/derive', /^derives all of a phone’s secrets/, 'linking.secrets'),
  check('crypto/derive', /^derives the link secret of a synced phone/, 'linking.syncSecrets'),
  check('crypto/derive', /^salts the EID key/, 'linking.stateAssisted'),
  check('crypto/derive', /^derives the values of the iPhone trace$/, 'trace-ios'),
  check('crypto/derive', /^derives the values of the Chromium session/, 'chromium-156.sessions'),
  check('tunnel/domain', /^of \+?\d+ is /, 'tunnel-domain.vectors', 'chromium-156.domains'),
  check('tunnel/path', /^reads '/, 'tunnel-path.valid'),
  check('tunnel/path', /^refuses '/, 'tunnel-path.invalid'),
  check('message/message', /^'.*': (?:reads|refused)$/, 'frames.messages'),
  check('message/message', /^update, .*: reads and writes$/, 'linking.update'),
  check('message/post-handshake', /: reads and writes$/, 'post-handshake.valid'),
  check('message/post-handshake', /: refused$/, 'post-handshake.invalid'),
  check('message/post-handshake', /: told apart$/, 'post-handshake.revision0'),
  check('linking/linking', /^signs .* from both sides$/, 'linking.signature'),
  check(
    'noise/handshake-state',
    /: both sides say what the vector/,
    'noise.handshakes',
    'linking.stateAssisted',
  ),
  check('noise/handshake-state', /^begins /, 'noise.initialStates'),
  check('handshake/handshake', /: says what the vector says$/, 'noise.handshakes', 'linking.stateAssisted'),
  check('handshake/sealed-traffic', /: (?:seals and opens|refused)$/, 'frames.encrypted'),
  check('handshake/sealed-traffic', /^reads "/, 'frames.padding'),
  check('handshake/recorded-sessions', /^replays the iPhone trace/, 'trace-ios'),
  check('handshake/recorded-sessions', /^replays the Chromium session/, 'chromium-156.sessions'),
  check('ctap/pin-uv-auth-protocol', /^agrees as others do: /, 'pin-uv-auth-protocol.agreements'),
  check(
    'ctap/pin-uv-auth-protocol',
    /^encrypts and authenticates as others do: /,
    'pin-uv-auth-protocol.secrets',
  ),
  check('session/replay', /with a real iPhone$/, 'trace-ios'),
  check('session/replay', /with Chromium 156: /, 'chromium-156.sessions'),
]

/** Fixtures and lists that are not the core’s. */
export const NOT_OF_THE_CORE: readonly string[] = ['device-request', 'store-v1', 'tunnel-path.statuses']
