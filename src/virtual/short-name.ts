// CTAP 2.2 section 6.1.2 lets an authenticator cut names, but not below 64 bytes.
const NAME_MAX_CODE_POINTS = 256

/** A name as it is kept. Not every client sends names; protocol.md 15.2. */
export function shortName(name = ''): string {
  return Array.from(name).slice(0, NAME_MAX_CODE_POINTS).join('')
}
