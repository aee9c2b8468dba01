import { decodeHex } from '../../src/bytes/hex.js'
import { cases, onlyCase, taken } from '../support/cases.js'

interface Chromium {
  readonly call: 'create' | 'get'
  readonly frames: readonly { readonly message: string }[]
  readonly credential: Readonly<Record<string, string>>
}

interface IosTrace {
  readonly clientDataJSON: string
  readonly frames: readonly { readonly message: string }[]
}

type PostHandshake = Readonly<{ getInfo: string | null }>

/** A CTAP exchange that was recorded between other people’s programs. */
export interface RecordedExchange {
  readonly name: string
  /** The map that the post-handshake message carried. */
  readonly getInfo: Uint8Array
  /** command byte ‖ CBOR. */
  readonly request: Uint8Array
  /** status byte ‖ CBOR. */
  readonly response: Uint8Array
  /** What the browser gave to the page; byte strings in hex. */
  readonly page: Readonly<Record<string, string>>
}

/** A one-byte type stands before each CTAP message. */
const ctapOf = (message: string): Uint8Array => decodeHex(message).slice(1)

/** Post-handshake messages begin with the map head, key 1 and a head of two bytes. */
const getInfoOf = (message: string): Uint8Array => {
  const bytes = decodeHex(message)
  return bytes.slice(4, 4 + (bytes[3] ?? 0))
}

const [phoneFirst, clientRequest, phoneResponse] = [0, 1, 2] as const

function chromiumExchange(call: 'create' | 'get'): RecordedExchange {
  const found = cases<Chromium>('chromium-156', 'sessions').find(session => session.call === call)
  if (found === undefined) throw new Error(`no recorded ${call}`)
  const plain = found.frames.map(frame => frame.message)
  return {
    name: found.name,
    getInfo: getInfoOf(plain[phoneFirst] ?? ''),
    request: ctapOf(plain[clientRequest] ?? ''),
    response: ctapOf(plain[phoneResponse] ?? ''),
    page: found.credential,
  }
}

function iosExchange(): RecordedExchange {
  const { frames, clientDataJSON } = onlyCase<IosTrace>('trace-ios', 'sessions')
  const messages = frames.map(frame => frame.message)
  return {
    name: 'iPhone',
    getInfo: getInfoOf(messages[phoneFirst] ?? ''),
    request: ctapOf(messages[clientRequest] ?? ''),
    response: ctapOf(messages[phoneResponse] ?? ''),
    page: { clientDataJSON },
  }
}

export const chromiumCreate: RecordedExchange = chromiumExchange('create')
export const chromiumGet: RecordedExchange = chromiumExchange('get')
export const iosGet: RecordedExchange = iosExchange()

/** Every getInfo map there is. */
export const recordedGetInfos: readonly Uint8Array[] = [
  chromiumCreate.getInfo,
  chromiumGet.getInfo,
  iosGet.getInfo,
  ...taken(cases<PostHandshake>('post-handshake', 'messages')).flatMap(({ getInfo }) =>
    getInfo === null ? [] : [decodeHex(getInfo)],
  ),
]
