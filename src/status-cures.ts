// Cures that several statuses share.
const AGAIN = 'Try again; if it stays, restart the phone.'
const UPDATE = 'Update the phone and this program: they do not understand each other’s CTAP2.'
const UNLOCK = 'Unlock the phone once with its PIN, pattern or password, then try again.'
const SCREEN_LOCK =
  'Set a screen lock on the phone (PIN, pattern, password, fingerprint or face), then try again.'
const FIRMWARE_PIN = 'Check the PIN of the authenticator, then try again.'

/**
 * What to do about each CTAP2 status, by its name: in words for the person who holds the phone. Apart from the codes, so that only
 * programs that read the answers of phones bundle them.
 */
export const CTAP_STATUS_CURES: Readonly<Record<string, string>> = {
  ERR_INVALID_COMMAND:
    'Use a phone that knows this command; phones over hybrid know registration and sign-in.',
  ERR_INVALID_PARAMETER: UPDATE,
  ERR_INVALID_LENGTH: UPDATE,
  ERR_INVALID_SEQ: AGAIN,
  ERR_TIMEOUT: 'Try again, and answer on the phone sooner.',
  ERR_CHANNEL_BUSY: 'Wait until the phone has answered its other request, then try again.',
  ERR_LOCK_REQUIRED: AGAIN,
  ERR_INVALID_CHANNEL: AGAIN,
  ERR_CBOR_UNEXPECTED_TYPE: UPDATE,
  ERR_INVALID_CBOR: UPDATE,
  ERR_MISSING_PARAMETER: UPDATE,
  ERR_LIMIT_EXCEEDED: 'Ask for less: the request has more items, or longer ones, than the phone takes.',
  ERR_UNSUPPORTED_EXTENSION: 'Leave out the extension, or use a phone that has it.',
  ERR_FP_DATABASE_FULL: 'Delete a fingerprint on the authenticator, then try again.',
  ERR_LARGE_BLOB_STORAGE_FULL: 'Delete a large blob on the phone, or store a smaller one.',
  ERR_CREDENTIAL_EXCLUDED:
    'This phone already has a passkey for this account: sign in with it, or delete it on the phone, then try again.',
  ERR_PROCESSING: 'Wait a moment, then try again: the phone is still at work.',
  ERR_INVALID_CREDENTIAL: 'The phone does not take this passkey: choose another, or register again.',
  ERR_USER_ACTION_PENDING: 'Answer what the phone asks, then try again.',
  ERR_OPERATION_PENDING: 'Wait until the phone has done its other work, then try again.',
  ERR_NO_OPERATIONS: AGAIN,
  ERR_UNSUPPORTED_ALGORITHM:
    'Allow an algorithm that the phone has, such as ES256 (-7), in `pubKeyCredParams`.',
  ERR_OPERATION_DENIED:
    'The request was refused on the phone: try again and approve it there, or choose another password manager.',
  ERR_KEY_STORE_FULL: 'Delete a passkey on the phone that is not needed any more, then try again.',
  ERR_NO_OPERATION_PENDING: AGAIN,
  ERR_UNSUPPORTED_OPTION:
    'Use a phone that can do what the request asks for, or ask for less, such as no user verification.',
  ERR_INVALID_OPTION: 'Ask for what the phone can do: its getInfo lists its options.',
  ERR_KEEPALIVE_CANCEL: 'The request was cancelled: try again.',
  ERR_NO_CREDENTIALS:
    'This phone has no passkey for this site: use the phone that has it, or register this one first.',
  ERR_USER_ACTION_TIMEOUT: 'Try again, and answer on the phone sooner.',
  ERR_NOT_ALLOWED: 'The phone does not allow this now: unlock it, close its other questions, and try again.',
  ERR_PIN_INVALID: FIRMWARE_PIN,
  ERR_PIN_BLOCKED:
    'The PIN was wrong too often: reset the authenticator, which deletes its passkeys, or use another.',
  ERR_PIN_AUTH_INVALID: FIRMWARE_PIN,
  ERR_PIN_AUTH_BLOCKED: 'Restart the authenticator, then try again with the right PIN.',
  ERR_PIN_NOT_SET: SCREEN_LOCK,
  ERR_PUAT_REQUIRED: SCREEN_LOCK,
  ERR_PIN_POLICY_VIOLATION: 'Choose a PIN that is long enough for the authenticator.',
  ERR_PIN_TOKEN_EXPIRED: AGAIN,
  ERR_REQUEST_TOO_LARGE: 'Ask for less: the request is larger than the phone takes.',
  ERR_ACTION_TIMEOUT: 'Try again, and answer on the phone sooner.',
  ERR_UP_REQUIRED: 'Approve the request on the phone itself: somebody has to be there.',
  ERR_UV_BLOCKED: UNLOCK,
  ERR_INTEGRITY_FAILURE: 'The phone found its own data damaged: update and restart it, or use another.',
  ERR_INVALID_SUBCOMMAND: UPDATE,
  ERR_UV_INVALID: 'The fingerprint or face was not recognised: try again, or unlock the phone with its PIN.',
  ERR_UNAUTHORIZED_PERMISSION: UPDATE,
  ERR_OTHER:
    'The phone failed and does not say why: try again; if it stays, list ES256 (-7) first, update the phone or use another.',
  ERR_SPEC_LAST: UPDATE,
  ERR_EXTENSION: 'Leave out the extensions of the request, one after another, to find the one that fails.',
  ERR_VENDOR: 'Look up the status in the documentation of the phone’s or authenticator’s maker.',
  ERR_UNASSIGNED: UPDATE,
}

/** What to do about each HTTP status with which a tunnel service, or a proxy in front of it, refuses. 410 is `tunnel-gone`. */
export const REFUSAL_CURES: Readonly<Record<string, string>> = {
  400: 'Update this program; if it stays, check that the address belongs to a tunnel service.',
  401: 'Check that the address belongs to a tunnel service: those of hybrid want no login.',
  403: 'Check that the tunnel service lets this program, or this web page, in.',
  404: 'Check that the other device is switched on, online and still waiting, then try again.',
  405: 'Check that the address belongs to a tunnel service: it does not take WebSockets.',
  407: 'Give the proxy of this network its user name and password.',
  408: 'Check the network of this device, which was too slow, then try again.',
  409: 'Another phone has already scanned this code: show a new one.',
  426: 'Check for a proxy that takes the WebSocket upgrade out of requests.',
  429: 'Wait a minute, then try again: there were too many requests.',
  431: 'Check for a proxy that adds headers to requests: they are too long.',
  '5xx': 'Wait and try again: the tunnel service is failing or full.',
  other: 'Check that the address belongs to a tunnel service.',
}
