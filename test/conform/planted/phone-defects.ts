import type { Defect, Sighting } from './defect.js'

const OF_PHONE: readonly Omit<Defect, 'role'>[] = [
  {
    name: 'advertises a first byte that is not 0',
    foundBy: 'register',
    file: 'advert/eid.ts',
    good: 'Uint8Array.of(RESERVED)',
    bad: 'Uint8Array.of(1)',
  },
  {
    name: 'advertises a byte too few',
    foundBy: 'advert',
    file: 'advert/sealed-advert.ts',
    good: 'crypto.hmacSha256(tagKey, ciphertext).subarray(0, TAG_BYTES)',
    bad: 'crypto.hmacSha256(tagKey, ciphertext).subarray(0, TAG_BYTES - 1)',
  },
  {
    name: 'sends a byte with its message 2',
    foundBy: 'handshake-size',
    file: 'handshake/authenticator-handshake.ts',
    good: 'state.writeMessage()',
    bad: 'state.writeMessage(Uint8Array.of(0))',
  },
  {
    name: 'introduces itself without getInfo',
    foundBy: 'introduction',
    file: 'session/authenticator-session.ts',
    good: 'encodePostHandshake({ getInfo, features })',
    bad: 'encodePostHandshake({ features })',
  },
  {
    name: 'answers twice',
    foundBy: 'answer-once',
    file: 'session/authenticator-session.ts',
    good: 'this.sendSealed(encodeMessage(message))',
    bad: '(this.sendSealed(encodeMessage(message)), this.sendSealed(encodeMessage(message)))',
  },
  {
    name: 'waits on when the client has left',
    foundBy: 'hang-up-before-request',
    file: 'session/meeting-authenticator.ts',
    good: 'this.hungUp(input.code, now)',
    bad: 'undefined',
  },
  {
    name: 'answers for another relying party',
    foundBy: 'answer-rp',
    file: 'virtual/register.ts',
    good: 'device.crypto.sha256(encodeUtf8(made.rpId))',
    bad: "device.crypto.sha256(encodeUtf8('example.org'))",
  },
  {
    name: 'does not say that it has verified its user',
    foundBy: 'answer-user',
    file: 'virtual/register.ts',
    good: '{ up: true, uv: userVerified, be, bs }',
    bad: '{ up: true, uv: false, be, bs }',
  },
  {
    name: 'crashes at a request that it cannot read',
    foundBy: 'request-no-cbor',
    file: 'virtual/virtual-authenticator.ts',
    good: 'this.#statusOf(error)',
    bad: 'globalThis.process.abort()',
  },
  {
    name: 'reads digits wherever they stand in a code',
    foundBy: 'code-second-slash',
    file: 'qr/url.ts',
    good: 'QR_URL.exec(text)?.[1]',
    bad: "QR_URL.exec(text)?.[1]?.replaceAll(/\\D/g, '')",
  },
  {
    name: 'reads codes in upper case only',
    foundBy: 'code-lower-case',
    file: 'qr/url.ts',
    good: '/^FIDO:\\/(.+)$/is',
    bad: '/^FIDO:\\/(.+)$/s',
  },
  {
    name: 'takes one routing ID of several',
    foundBy: 'service-routing-doubled',
    file: 'tunnel/headers.ts',
    good: 'value === undefined || others.length > 0',
    bad: 'value === undefined',
  },
]

export const PHONE_DEFECTS: readonly Defect[] = OF_PHONE.map(defect => ({ ...defect, role: 'phone' }))

/** Defects of clients that phones have, too. */
export const ALSO_OF_PHONES: readonly Sighting[] = [
  { role: 'phone', name: 'takes any message of the handshake', foundBy: 'message-1-flipped-bit' },
  { role: 'phone', name: 'takes any tag of a frame', foundBy: 'request-flipped-bit' },
  { role: 'phone', name: 'seals each frame under the same counter', foundBy: 'counters' },
  { role: 'phone', name: 'looks for the counter that fits', foundBy: 'request-counter-ahead' },
  { role: 'phone', name: 'strips zeros instead of padding', foundBy: 'request-padding-not-zeros' },
  { role: 'phone', name: 'pads no more than it has to', foundBy: 'padding' },
]
