/** Names that `navigator.credentials.create()` and `get()` give to their failures (WebAuthn L3 sections 5.1.3, 5.1.4). */
export type WebAuthnErrorName =
  | 'AbortError'
  | 'ConstraintError'
  | 'EncodingError'
  | 'InvalidStateError'
  | 'NotAllowedError'
  | 'NotSupportedError'
  | 'OperationError'
  | 'SecurityError'
  | 'SyntaxError'
  | 'TypeError'
  | 'UnknownError'
