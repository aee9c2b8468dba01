/** The side that has to act: this program (`local`), the other device (`peer`), or the surroundings of both (`environment`). */
export type Fault = 'local' | 'peer' | 'environment'

/** The side that a code blames, and what to do about it in one sentence. The causes are in `src/errors.md`. */
export type ErrorEntry = readonly [fault: Fault, cure: string]

// One constant for each class, so that bundles leave out those of classes that nothing in them throws.

export const USAGE_ERRORS = {
  'argument-invalid': ['local', 'Correct the argument that the message names.'],
  'callback-failed': ['local', 'See the cause: the function that the message names threw.'],
  'options-invalid': [
    'local',
    'Compare the options with what WebAuthn, or W3C Digital Credentials, says of them.',
  ],
  'options-unsupported': [
    'local',
    'Leave out the member that the message names, or give it a value that WebAuthn knows.',
  ],
  'options-unsatisfiable': [
    'local',
    'Change what the message names. A phone is a `cross-platform` authenticator, this device a `platform` one.',
  ],
  'prf-key-invalid': [
    'local',
    'Write each key of evalByCredential as an id of allowCredentials: base64url without padding.',
  ],
  'origin-invalid': [
    'local',
    'Pass the origin that the relying party expects, such as https://login.example.com.',
  ],
  'rp-id-mismatch': [
    'local',
    'Use an RP ID that the origin may claim, or the origin that belongs to the RP ID.',
  ],
  'account-not-chosen': [
    'local',
    'Give `chooseAccount`, which picks one of the accounts, or name the account’s passkeys in allowCredentials.',
  ],
  'session-misused': ['local', 'Wait for `connected`, send one request at a time, and stop after `closed`.'],
  aborted: ['local', 'It was stopped on purpose: start it again to go on.'],
} as const

export const DECODE_ERRORS = {
  'hex-malformed': ['peer', 'Give pairs of the digits 0-9 and a-f.'],
  'base64url-malformed': ['peer', 'Encode the bytes as base64url without padding.'],
  'utf8-malformed': ['peer', 'Update the peer; it sends broken text.'],
  'length-wrong': ['peer', 'Give the number of bytes that the message names.'],
  'point-invalid': ['peer', 'Update the peer; this one is broken or hostile.'],
  'cbor-malformed': ['peer', 'Check that the input was not cut.'],
  'cbor-not-canonical': [
    'peer',
    'Update the peer: keys ascending and unique, shortest forms, no floats, no tags.',
  ],
  'cbor-limit': ['peer', 'Raise the limit only for a peer you trust.'],
  'cbor-unexpected': ['peer', 'Update the peer; the message names the member.'],
  'qr-url-malformed': ['peer', 'Scan the code again, or copy all of it.'],
  'qr-payload-invalid': ['peer', 'Ask the laptop for a new QR code.'],
  'qr-source-untrusted': [
    'peer',
    'Scan the code that the laptop shows; `allowOpenedUrls` takes opened URLs, at the risk it names.',
  ],
  'qr-too-old': [
    'peer',
    'Ask the laptop for a new QR code; if it is new, set the clocks of both devices, or raise `maxQrAgeSeconds`.',
  ],
  'advert-malformed': ['peer', 'Give at least 20 bytes of service data.'],
  'tunnel-service-unassigned': ['peer', 'Use 0, 1, or a number from 256 to 65535.'],
  'tunnel-path-malformed': ['peer', 'Use the paths of the hybrid transport.'],
  'routing-id-malformed': ['peer', 'Check that the address belongs to a tunnel service.'],
  'client-payload-malformed': ['peer', 'Update the client that sent it.'],
  'contact-frame-malformed': ['peer', 'Update the phone and the tunnel service to the same version.'],
  'post-handshake-malformed': ['peer', 'Update the phone; it speaks another version.'],
  'revision-unsupported': ['peer', 'Update the browser or the phone: version 2.1 is required.'],
  'message-malformed': ['peer', 'Update the peer.'],
  'linking-malformed': ['peer', 'Link the phone again.'],
  'ctap-malformed': ['peer', 'Update the peer; the message names the member.'],
  'json-malformed': ['peer', 'Check the text that the message names.'],
} as const

export const PROTOCOL_ERRORS = {
  'message-unexpected': ['peer', 'Update the peer.'],
  'feature-missing': ['peer', 'Use a phone that can hold passkeys.'],
  'extension-missing': ['peer', 'Use another phone, or do not require this.'],
  'decrypt-failed': ['peer', 'Try again; if it stays, something between the devices alters traffic.'],
  'counter-exhausted': ['local', 'Open a new connection.'],
  'response-invalid': ['peer', 'Do not trust this phone.'],
} as const

export const HANDSHAKE_ERRORS = {
  'handshake-failed': ['peer', 'Scan a fresh QR code; keep both devices together.'],
} as const

export const TUNNEL_ERRORS = {
  'tunnel-unreachable': ['environment', 'Check the network, the proxy and the firewall of this machine.'],
  'tunnel-untrusted': [
    'environment',
    'Pass the right CA (`--tls-ca`), or mend the machine’s clock and trust store.',
  ],
  'tunnel-insecure': ['local', 'Use wss://, or ws:// on loopback for tests.'],
  'tunnel-refused': ['environment', 'Check that the address belongs to a tunnel service.'],
  'tunnel-gone': ['environment', 'Scan a new QR code.'],
  'link-gone': ['peer', 'Scan a QR code with the phone; that can link it again.'],
  'phone-busy': ['peer', 'Wait until the phone has answered, then try again.'],
  'tunnel-redirected': ['environment', 'Check the address.'],
  'tunnel-subprotocol': ['environment', 'Check that the address belongs to a tunnel service.'],
  'tunnel-message-invalid': ['peer', 'Check that the address belongs to a tunnel service.'],
  'tunnel-limit': ['environment', 'Wait and try again.'],
  'proxy-unsupported': ['local', 'Use a proxy with http:// or https://.'],
  'proxy-unreachable': ['environment', 'Check the network, the proxy and the firewall of this machine.'],
  'proxy-untrusted': [
    'environment',
    'Pass the right CA (`--tls-ca`), or mend the machine’s clock and trust store.',
  ],
  'proxy-refused': ['environment', 'Check the address.'],
  'contact-line-lost': ['environment', 'Wait and try again.'],
  'contact-line-replaced': ['local', 'Let one process at a time answer for this phone.'],
  'contact-key-revoked': ['local', 'Use the new key that replaced this one.'],
  'peer-closed': ['peer', 'Look at the other device and try again.'],
} as const

export const PROXIMITY_ERRORS = {
  'ble-scan-failed': ['environment', 'See the cause; check Bluetooth, or the air hub’s address.'],
  'advertise-failed': ['environment', 'See the cause; check Bluetooth, or the air hub’s address.'],
  'proximity-unproven': [
    'local',
    'Use a Bluetooth radio, or a tunnel service on loopback; `allowUnprovenProximity` takes the risk it names.',
  ],
  'air-not-loopback': ['local', 'Use ws://127.0.0.1:PORT/air.'],
  'bluetooth-unavailable': [
    'environment',
    'Plug in or enable a Bluetooth adapter, and start the system’s Bluetooth service.',
  ],
  'bluetooth-off': ['environment', 'Switch Bluetooth on.'],
  'bluetooth-unauthorised': [
    'environment',
    'Allow this program, or the terminal it runs in, to use Bluetooth.',
  ],
  'bluetooth-lost': [
    'environment',
    'Connect the adapter again, or restart the Bluetooth service, and try again.',
  ],
  'advert-too-long': [
    'local',
    'Give at most as many bytes as the message names, or use an adapter with extended advertising.',
  ],
  'channel-unreachable': [
    'environment',
    'Keep the phone near and awake and scan a new QR code, or use the tunnel: leave the data channel out.',
  ],
  'channel-lost': ['environment', 'Keep the phone near until it is done, and scan a new QR code.'],
} as const

export const DEADLINE_ERRORS = {
  'advert-timeout': [
    'environment',
    'Scan the code, keep the phone near, and switch Bluetooth on for both devices.',
  ],
  'tunnel-timeout': ['environment', 'Check the network of this device.'],
  'handshake-timeout': ['peer', 'Start again with a fresh QR code.'],
  'request-timeout': ['peer', 'Start again on the laptop.'],
  'response-timeout': ['peer', 'Approve the request on the phone sooner.'],
} as const

export const UNSUPPORTED_ERRORS = {
  'capability-missing': ['environment', 'Choose another adapter or machine.'],
  'package-missing': ['environment', 'Install the package that the message names.'],
  'package-unfit': ['environment', 'Install what the message names.'],
  'listen-failed': [
    'environment',
    'Give another port or address, or end the program that listens on this one.',
  ],
} as const

export const CTAP_ERRORS = {
  'ctap-error': [
    'peer',
    'Look up the status that the message names in the documentation of the phone or authenticator.',
  ],
} as const

export const STORE_ERRORS = {
  'store-damaged': ['environment', 'Restore it from a backup, or move it away to start anew.'],
  'store-entry-missing': ['local', 'List what the store holds, and name one of those.'],
  'store-locked': ['environment', 'Try again: nothing was changed.'],
  'store-unavailable': ['environment', 'Check the path, the permissions and the space on the disk.'],
} as const

export const WALLET_ERRORS = {
  'wallet-refused': ['peer', 'Ask again when the phone’s user agrees to it.'],
  'wallet-aborted': ['peer', 'Look at the phone and try again.'],
  'wallet-empty': ['peer', 'Use a phone whose wallet holds what is asked for.'],
  'wallet-error': ['peer', 'Look up the error that the message names in the documentation of the wallet.'],
  'wallet-data-invalid': ['peer', 'Update the wallet: a digital credential’s data is an object.'],
} as const

/** Every error code by the class that carries it. */
export const ERROR_CATALOGUE: {
  readonly usage: typeof USAGE_ERRORS
  readonly decode: typeof DECODE_ERRORS
  readonly protocol: typeof PROTOCOL_ERRORS
  readonly handshake: typeof HANDSHAKE_ERRORS
  readonly tunnel: typeof TUNNEL_ERRORS
  readonly proximity: typeof PROXIMITY_ERRORS
  readonly deadline: typeof DEADLINE_ERRORS
  readonly unsupported: typeof UNSUPPORTED_ERRORS
  readonly ctap: typeof CTAP_ERRORS
  readonly store: typeof STORE_ERRORS
  readonly wallet: typeof WALLET_ERRORS
} = {
  usage: USAGE_ERRORS,
  decode: DECODE_ERRORS,
  protocol: PROTOCOL_ERRORS,
  handshake: HANDSHAKE_ERRORS,
  tunnel: TUNNEL_ERRORS,
  proximity: PROXIMITY_ERRORS,
  deadline: DEADLINE_ERRORS,
  unsupported: UNSUPPORTED_ERRORS,
  ctap: CTAP_ERRORS,
  store: STORE_ERRORS,
  wallet: WALLET_ERRORS,
}

/** The kinds of failure; each has a class. */
export type ErrorKind = keyof typeof ERROR_CATALOGUE

/** The codes of one class. */
export type CodeOf<Kind extends ErrorKind> = keyof (typeof ERROR_CATALOGUE)[Kind] & string

/** Every code there is. */
export type ErrorCode = { [Kind in ErrorKind]: CodeOf<Kind> }[ErrorKind]
