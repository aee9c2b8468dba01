/** The rooms of ranks 0 to 4, which do no I/O. */
export const CORE_ROOMS: readonly string[] = [
  'bytes',
  'cbor',
  'crypto',
  'qr',
  'advert',
  'tunnel',
  'message',
  'linking',
  'framing',
  'ctap',
  'noise',
  'handshake',
  'session',
]
