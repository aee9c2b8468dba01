/** Tests that take one vector each from lists of the fixtures. */
export interface VectorCheck {
  readonly suite: string
  /** What their names have in common. */
  readonly name: RegExp
  /** FIXTURE.GROUP of each group of cases. */
  readonly of: readonly string[]
}

const check = (suite: string, name: RegExp, ...of: readonly string[]): VectorCheck => ({
  suite: `test/${suite}.test`,
  name,
  of,
})

/** What the tests of the core make of every vector. */
export const VECTOR_CHECKS: readonly VectorCheck[] = [
  check('qr/digits', /^are (?:written: |'refused: )/, 'base10.digits'),
  check('qr/digits', /^are (?:read: |'refused: )/, 'base10.digits'),
  check('qr/payload', /^(?:reads|refuses): /, 'qr.codes'),
  check('qr/payload', /^(?:writes what it reads again|refuses): /, 'qr.codes'),
  check('qr/payload', /^writes back what Chromium/, 'chromium-156.qr'),
  check('qr/payload', /^writes the worked example: /, 'worked-example.qr'),
  check('qr/url', /^(?:reads|refuses): /, 'qr.codes'),
  check('qr/url', /^(?:reads '|'refused: )/, 'qr.texts'),
  check('qr/url', /^reads what Chromium/, 'chromium-156.qr'),
  check('qr/url', /^writes back what Chromium/, 'chromium-156.qr'),
  check('qr/url', /^reads the code of the iOS trace$/, 'trace-ios.sessions'),
  check('advert/eid', /^is (?:read: |'refused: )/, 'eid.adverts', 'eid.plaintexts'),
  check('advert/eid', /^is (?:written: |'refused: )/, 'eid.adverts', 'eid.plaintexts'),
  check(
    'advert/sealed-advert',
    /^agree on: /,
    'eid.adverts',
    'linking.stateAssisted',
    'worked-example.adverts',
  ),
  check('advert/sealed-advert', /^reject: /, 'eid.refused'),
  check('advert/sealed-advert', /^cuts what a Pixel sent$/, 'eid.serviceData'),
  check('advert/suffix', /^(?:is read: |says nothing: ")/, 'eid.suffixes', 'eid.serviceData'),
  check('crypto/derive', /^'.*'$/, 'derive.derive'),
  check('crypto/derive', /^makes a private key from the seed/, 'derive.seedToKey'),
  check('crypto/derive', /^derives all of a phone’s secrets/, 'linking.phoneSecrets'),
  check('crypto/derive', /^derives the link secret of a synced phone/, 'linking.syncedSecrets'),
  check('crypto/derive', /^salts the EID key/, 'linking.stateAssisted'),
  check('crypto/derive', /^derives the values of the iPhone trace$/, 'trace-ios.sessions'),
  check('crypto/derive', /^derives the values of the Chromium session/, 'chromium-156.sessions'),
  check('tunnel/domain', /^(?:of \+?\d+ is|refuses \+?\d+)/, 'tunnel-domain.domains', 'chromium-156.domains'),
  check('tunnel/path', /^(?:reads|refuses) '/, 'tunnel-path.paths'),
  check('message/message', /^'.*': (?:reads|refused)$/, 'frames.messages'),
  check('message/message', /^update, .*: reads and writes$/, 'linking.updates'),
  check('message/post-handshake', /: (?:reads and writes|refused)$/, 'post-handshake.messages'),
  check('message/post-handshake', /^writes the worked example: /, 'worked-example.introductions'),
  check('message/post-handshake', /: told apart$/, 'post-handshake.revision0'),
  check('linking/linking', /^signs .* from both sides$/, 'linking.signatures'),
  check(
    'noise/handshake-state',
    /: both sides say what the vector/,
    'noise.handshakes',
    'linking.handshakes',
  ),
  check('noise/handshake-state', /^begins /, 'noise.initialStates'),
  check(
    'handshake/handshake',
    /: says what the vector says$/,
    'noise.handshakes',
    'linking.handshakes',
    'worked-example.handshakes',
  ),
  check('handshake/sealed-traffic', /: (?:seals and opens|refused)$/, 'frames.sealed'),
  check('handshake/sealed-traffic', /^opens the worked example: /, 'worked-example.frames'),
  check('handshake/sealed-traffic', /^reads "/, 'frames.padding'),
  check('handshake/recorded-sessions', /^replays the iPhone trace/, 'trace-ios.sessions'),
  check('handshake/recorded-sessions', /^replays the Chromium session/, 'chromium-156.sessions'),
  check('ctap/pin-uv-auth-protocol', /^agrees as others do: /, 'pin-uv-auth-protocol.agreements'),
  check(
    'ctap/pin-uv-auth-protocol',
    /^encrypts and authenticates as others do: /,
    'pin-uv-auth-protocol.secrets',
  ),
  check('framing/stream-framer', /^are written and read: /, 'data-channel.streams'),
  check('framing/stream-framer', /^(?:may end|are cut or refused): /, 'data-channel.ends'),
  check('session/replay', /with a real iPhone$/, 'trace-ios.sessions'),
  check('session/replay', /with Chromium 156: /, 'chromium-156.sessions'),
]

/** Fixtures and groups that are not the core’s. */
export const NOT_OF_THE_CORE: readonly string[] = ['device-request', 'tunnel-path.statuses']
