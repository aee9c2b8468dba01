import type { ProgressEvent } from '../driver/progress.js'
import type { Stage } from '../errors.js'
import type { RequestType } from '../qr/request-type.js'
import type { WebAuthnErrorName } from '../webauthn/error-name.js'
import { CHAIN_MAX, TRACED_CODES } from './errors.js'
import { hasMembers, isUuid, isVersion, listed, membersOf, oneOf, ifThere, wholeNumber } from './field.js'
import type { Check, Checks } from './field.js'
import { ALGORITHMS_MAX, FEATURES, INTRODUCTION_WORDS, isAlgorithm } from './introduction.js'
import { TRACE_FORMAT } from './records.js'
import type { TracedError, TraceRecord } from './records.js'

/** Every word of a type of words; one that is missing here does not compile. */
function wordsOf<Word extends string>(words: Readonly<Record<Word, true>>): Check<Word> {
  return oneOf(Object.keys(words) as Word[])
}

/** More than fit into a trace. */
const SESSIONS_MAX = 10_000
/** Three weeks. */
const MS_MAX = 2 ** 31 - 1

const count = wholeNumber(0, 2 ** 32 - 1)
const byte = wholeNumber(0, 0xff)
const session = wholeNumber(1, SESSIONS_MAX)
const status = wholeNumber(0, 999)
const closeCode = wholeNumber(0, 0xff_ff)

const stage = wordsOf<Stage>({ advert: true, tunnel: true, handshake: true, request: true, response: true })

const requestType = wordsOf<RequestType>({ ga: true, mc: true, dcp: true, dci: true })

const event = wordsOf<ProgressEvent['event']>({
  'qr-shown': true,
  scanning: true,
  advertising: true,
  'advert-seen': true,
  'tunnel-connecting': true,
  'tunnel-connected': true,
  'channel-connecting': true,
  'channel-connected': true,
  handshake: true,
  connected: true,
  'request-sent': true,
  'request-received': true,
  'awaiting-user': true,
  response: true,
  linked: true,
  'not-linked': true,
  'radio-interrupted': true,
  'radio-resumed': true,
  closed: true,
})

const errorName = wordsOf<WebAuthnErrorName>({
  AbortError: true,
  ConstraintError: true,
  EncodingError: true,
  InvalidStateError: true,
  NotAllowedError: true,
  NotSupportedError: true,
  OperationError: true,
  SecurityError: true,
  SyntaxError: true,
  TypeError: true,
  UnknownError: true,
})

const error = membersOf<TracedError>({
  code: oneOf(TRACED_CODES),
  stage: ifThere(stage),
  status: ifThere(status),
  closeCode: ifThere(closeCode),
})
const errors = listed(error, CHAIN_MAX)

const words = (list: readonly string[]): Check<readonly string[] | undefined> =>
  ifThere(listed(oneOf(list), list.length))

const moment = { session, ms: wholeNumber(0, MS_MAX) }
const message = { ...moment, bytes: count }

type RecordOf<Type, Each = TraceRecord> = Each extends { readonly type: unknown }
  ? Type extends Each['type']
    ? Each
    : never
  : never

type Kinds = { readonly [Type in TraceRecord['type']]: Omit<Checks<RecordOf<Type>>, 'type'> }

/** All that may stand in a trace: which records there are, their members, and what each may be. Nothing here is free text. */
const RECORDS: Kinds = {
  trace: {
    format: oneOf([TRACE_FORMAT]),
    library: ifThere(isVersion),
    runtime: ifThere(oneOf(['node', 'deno', 'bun', 'electron', 'browser'])),
    runtimeVersion: ifThere(isVersion),
    os: ifThere(oneOf(['linux', 'darwin', 'win32', 'android', 'freebsd', 'openbsd'])),
    osVersion: ifThere(isVersion),
    arch: ifThere(oneOf(['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64'])),
    radio: ifThere(oneOf(['auto', 'bluez', 'noble', 'bleno', 'air', 'stdin', 'stdout'])),
  },
  session: {
    session,
    role: oneOf(['client', 'authenticator']),
    kind: oneOf(['qr-initiated', 'state-assisted']),
    requestType: ifThere(requestType),
    proximity: oneOf(['bluetooth', 'simulated']),
    qrAgeSeconds: ifThere(count),
  },
  step: { ...moment, event, errors: ifThere(errors) },
  dial: { ...moment, to: oneOf(['google', 'apple', 'loopback', 'other']), secure: oneOf([true, false]) },
  sent: message,
  received: message,
  advert: { ...message, heard: count },
  advertised: message,
  introduction: {
    ...moment,
    features: listed(oneOf(FEATURES), FEATURES.length),
    versions: words(INTRODUCTION_WORDS.versions),
    extensions: words(INTRODUCTION_WORDS.extensions),
    options: words(INTRODUCTION_WORDS.options),
    transports: words(INTRODUCTION_WORDS.transports),
    aaguid: ifThere(isUuid),
    algorithms: ifThere(listed(isAlgorithm, ALGORITHMS_MAX)),
    maxMsgSize: ifThere(count),
    maxCredentialCountInList: ifThere(count),
    maxCredentialIdLength: ifThere(count),
    others: count,
  },
  request: { ...message, command: ifThere(byte) },
  answer: { ...message, status: ifThere(byte) },
  'tunnel-closed': { ...moment, closeCode },
  lost: { ...moment, way: oneOf(['tunnel', 'ble']), errors: ifThere(errors) },
  end: { ...moment, heard: ifThere(count), errors: ifThere(errors) },
  failure: { name: ifThere(errorName), errors },
  full: {},
}

const CHECKS: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map(
  Object.entries(RECORDS).map(([type, fields]) => [type, hasMembers({ type: oneOf([type]), ...fields })]),
)

/** Whether a value is a record of a trace, with nothing beside what the format has. */
export function isTraceRecord(value: unknown): value is TraceRecord {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false
  return CHECKS.get(value.type)?.(value) === true
}
