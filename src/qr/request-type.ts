/** Sign-in, registration, presentation and issuance of a digital credential (protocol.md 3.2). */
export type RequestType = 'ga' | 'mc' | 'dcp' | 'dci'

const REQUEST_TYPES: ReadonlySet<string> = new Set<RequestType>(['ga', 'mc', 'dcp', 'dci'])

/** Whether the text is a request type that this library knows. */
export function isRequestType(text: string): text is RequestType {
  return REQUEST_TYPES.has(text)
}

/** What a connection carries: CTAP2 for passkeys, or JSON for digital credentials (protocol.md 10.2). */
export type Carried = 'ctap' | 'json'

/**
 * What is carried for a request of this type.
 *
 * @example
 * carriedFor('dcp') // json
 */
export function carriedFor(requestType: RequestType | undefined): Carried {
  return requestType === 'dcp' || requestType === 'dci' ? 'json' : 'ctap'
}
