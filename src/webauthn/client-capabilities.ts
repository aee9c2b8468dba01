/** What a client can do, by the names of WebAuthn L3 section 5.8.7 and `extension:` with an extension’s name. */
export type ClientCapabilities = Readonly<Record<string, boolean>>

/** The answer of a client that can do nothing of it. */
const NOTHING: ClientCapabilities = {
  conditionalCreate: false,
  conditionalGet: false,
  'extension:credProps': true,
  'extension:largeBlob': false,
  'extension:prf': false,
  hybridTransport: false,
  passkeyPlatformAuthenticator: false,
  relatedOrigins: false,
  signalAllAcceptedCredentials: false,
  signalCurrentUserDetails: false,
  signalUnknownCredential: false,
  userVerifyingPlatformAuthenticator: false,
}

/** What some phones can do over hybrid. */
export const HYBRID_CAPABILITIES: ClientCapabilities = {
  'extension:largeBlob': true,
  'extension:prf': true,
  hybridTransport: true,
  passkeyPlatformAuthenticator: true,
}

/** What at least one of them can do; names ascend by code point. */
export function mergedCapabilities(all: readonly ClientCapabilities[]): ClientCapabilities {
  const names = new Set([NOTHING, ...all].flatMap(Object.keys))
  const isTrue = (name: string): boolean => [NOTHING, ...all].some(each => each[name] === true)
  return Object.fromEntries([...names].toSorted().map(name => [name, isTrue(name)]))
}
