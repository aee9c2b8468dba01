/** Whether credentials are shown (`navigator.credentials.get()`) or made (`create()`). */
export type DigitalKind = 'presentation' | 'issuance'

/** The protocols of W3C Digital Credentials (protocol.md 14.3). */
const PROTOCOLS: Readonly<Record<DigitalKind, readonly string[]>> = {
  presentation: ['openid4vp-v1-unsigned', 'openid4vp-v1-signed', 'openid4vp-v1-multisigned', 'org-iso-mdoc'],
  issuance: ['openid4vci-v1'],
}

const NAME = /^[a-z0-9-]+$/

/** The protocols that a request of this kind may be made in. */
export function knownProtocols(kind: DigitalKind): readonly string[] {
  return PROTOCOLS[kind]
}

/** Whether a text is written as the name of a protocol. */
export function isProtocolName(text: string): boolean {
  return NAME.test(text)
}
