/** What a client can do, by the names of WebAuthn L3 section 5.8.7 and `extension:` with an extension’s name. */
export type ClientCapabilities = Readonly<Record<string, boolean>>

/** What a client says that has none. */
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

/** What can be had of some phone. */
export const HYBRID_CAPABILITIES: ClientCapabilities = {
  'extension:largeBlob': true,
  'extension:prf': true,
  hybridTransport: true,
  passkeyPlatformAuthenticator: true,
}

/** What can be had of any of them, the names ascending by code point. */
export function mergedCapabilities(all: readonly ClientCapabilities[]): ClientCapabilities {
  const names = new Set([NOTHING, ...all].flatMap(Object.keys))
  const isTrue = (name: string): boolean => [NOTHING, ...all].some(each => each[name] === true)
  return Object.fromEntries([...names].toSorted().map(name => [name, isTrue(name)]))
}
