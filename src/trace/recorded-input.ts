import type { AdvertSender } from '../advert/sender.js'
import type { AuthenticatorInput } from '../session/authenticator-io.js'
import type { ClientInput } from '../session/client-io.js'
import { recordedError, recordingMalformed } from './recording-codec.js'
import type { PlainReader } from './recording-codec.js'

/** Reads an input of a session. @throws DecodeError. */
export function recordedInput(input: PlainReader): ClientInput | AuthenticatorInput {
  const type = input.text('type')
  switch (type) {
    case 'start':
    case 'tick':
      return { type }
    case 'tunnel-open':
      return { type, headers: headersOf(input) }
    case 'tunnel-message':
      return { type, bytes: input.bytes('bytes') }
    case 'tunnel-closed':
      return { type, code: input.number('code') }
    case 'channel-open':
    case 'channel-closed':
      return { type, channel: input.number('channel') }
    case 'channel-message':
      return { type, channel: input.number('channel'), bytes: input.bytes('bytes') }
    case 'channel-failed':
      return { type, channel: input.number('channel'), error: errorOf(input) }
    case 'listening':
      return { type, psm: input.number('psm') }
    case 'tunnel-failed':
    case 'listening-failed':
    case 'failed':
      return { type, error: errorOf(input) }
    case 'close':
      return { type, error: input.has('error') ? errorOf(input) : undefined }
    case 'advert':
      return { type, serviceData: input.bytes('serviceData'), from: input.optional('from', senderIn(input)) }
    default:
      return recordedExchange(type, input)
  }
}

/** Reads an input that comes from the caller, of either role. */
function recordedExchange(type: string, input: PlainReader): ClientInput | AuthenticatorInput {
  switch (type) {
    case 'request':
      return { type, message: input.bytes('message') }
    case 'answer':
      return { type, message: input.optional('message', name => input.bytes(name)) }
    case 'json-request':
      return { type, text: input.text('text') }
    case 'json-answer':
      return { type, text: input.optional('text', name => input.text(name)) }
    default:
      throw recordingMalformed(`there is no input ${type}`)
  }
}

function errorOf(input: PlainReader): ReturnType<typeof recordedError> {
  return recordedError(input.object('error'))
}

function senderIn(input: PlainReader): (name: string) => AdvertSender {
  return name => {
    const from = input.object(name)
    return {
      address: from.text('address'),
      addressType: from.text('addressType') === 'public' ? 'public' : 'random',
      ...(from.has('adapter') && { adapter: from.text('adapter') }),
    }
  }
}

function headersOf(input: PlainReader): ReadonlyMap<string, readonly string[]> {
  return new Map(
    input.list('headers').map(entry => {
      const [name, values] = Array.isArray(entry) ? (entry as readonly unknown[]) : []
      return [String(name), Array.isArray(values) ? values.map(String) : []]
    }),
  )
}
