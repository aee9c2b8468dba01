import type { TraceListener, TracedSession } from '../driver/session-trace.js'
import type { ProgressEvent } from '../driver/progress.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../session/authenticator-io.js'
import type { ClientInput, ClientOutput } from '../session/client-io.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { ASSIGNED_DOMAINS } from '../tunnel/domain.js'
import type { HybridError } from '../errors.js'
import { isLoopback } from '../ports/loopback.js'
import type { DataChannelName } from '../qr/data-channel.js'
import { tracedErrors } from './errors.js'
import { introductionMembers } from './introduction.js'
import type { DialRecord, LostRecord, SessionRecord, TraceRecord } from './records.js'

type Input = ClientInput | AuthenticatorInput
type Output = ClientOutput | AuthenticatorOutput

/** A record without its time and session. */
type Happening = TraceRecord extends infer Each
  ? Each extends { readonly ms: number }
    ? Omit<Each, 'session' | 'ms'>
    : never
  : never

/** Turns what one session does into records: sizes, numbers and words of the format. */
export class SessionRecorder implements TraceListener {
  readonly #session: number
  readonly #startedAt: number
  readonly #write: (record: TraceRecord) => void
  #heard = 0
  #isClient: boolean

  constructor(session: number, begun: TracedSession, write: (record: TraceRecord) => void) {
    this.#session = session
    this.#startedAt = begun.now
    this.#write = write
    this.#isClient = begun.role === 'client'
    write(sessionRecord(session, begun))
  }

  step(input: Input, outputs: readonly Output[], now: number): void {
    for (const happening of this.#told(input, outputs)) this.#note(happening, now)
    for (const output of outputs) for (const happening of this.#wanted(output)) this.#note(happening, now)
  }

  progress({ event, error }: ProgressEvent, now: number): void {
    this.#note({ type: 'step', event, ...(error && { errors: tracedErrors(error) }) }, now)
  }

  #note(happening: Happening, now: number): void {
    const ms = Math.max(0, Math.round(now - this.#startedAt))
    this.#write({ ...happening, session: this.#session, ms })
  }

  #told(input: Input, outputs: readonly Output[]): readonly Happening[] {
    switch (input.type) {
      case 'advert':
        return this.#hear(input.serviceData, outputs)
      case 'tunnel-message':
      case 'channel-message':
        return [{ type: 'received', bytes: input.bytes.length }]
      case 'tunnel-closed':
        return [{ type: 'tunnel-closed', closeCode: input.code }]
      case 'tunnel-failed':
        return lost('tunnel', outputs, input.error)
      case 'channel-failed':
      case 'listening-failed':
        return lost('ble', outputs, input.error)
      case 'channel-closed':
        return lost('ble', outputs)
      case 'request':
        return [{ type: 'request', command: input.message[0], bytes: input.message.length }]
      case 'json-request':
        return [{ type: 'request', bytes: encodeUtf8(input.text).length }]
      case 'answer':
        return [{ type: 'answer', status: input.message?.[0], bytes: input.message?.length ?? 0 }]
      case 'json-answer':
        return [{ type: 'answer', bytes: encodeUtf8(input.text ?? '').length }]
      default:
        return []
    }
  }

  /** Adverts of strangers are counted; that of the phone ends the scan. */
  #hear(serviceData: Uint8Array, outputs: readonly Output[]): readonly Happening[] {
    this.#heard += 1
    const isOurs = outputs.some(({ type }) => type === 'stop-ble-scan')
    return isOurs ? [{ type: 'advert', bytes: serviceData.length, heard: this.#heard }] : []
  }

  #wanted(output: Output): readonly Happening[] {
    switch (output.type) {
      case 'dial':
        return [{ type: 'dial', ...whereTo(output.request.url) }]
      case 'send':
        return [{ type: 'sent', bytes: output.bytes.length }]
      case 'advertise':
        return [{ type: 'advertised', bytes: output.serviceData.length }]
      case 'connected':
        return [{ type: 'introduction', ...introductionMembers(output.introduction) }]
      case 'request':
        return [{ type: 'request', command: output.message[0], bytes: output.message.length }]
      case 'json-request':
        return [{ type: 'request', bytes: jsonBytes(output.value) }]
      case 'response':
        return [{ type: 'answer', status: output.message[0], bytes: output.message.length }]
      case 'json-response':
        return [{ type: 'answer', bytes: jsonBytes(output.value) }]
      case 'closed':
        return [
          {
            type: 'end',
            ...(this.#isClient && { heard: this.#heard }),
            ...(output.error && { errors: tracedErrors(output.error) }),
          },
        ]
      default:
        return []
    }
  }
}

function sessionRecord(
  session: number,
  { role, kind, requestType, proximity, qrAgeSeconds }: TracedSession,
): SessionRecord {
  return { type: 'session', session, role, kind, requestType, proximity, qrAgeSeconds }
}

/** The ways that were lost. The error that ends a session is in its record `end` instead. */
function lost(
  way: DataChannelName,
  outputs: readonly Output[],
  error?: HybridError,
): readonly Omit<LostRecord, 'session' | 'ms'>[] {
  if (outputs.some(({ type }) => type === 'closed')) return []
  return [{ type: 'lost', way, ...(error && { errors: tracedErrors(error) }) }]
}

function jsonBytes(value: unknown): number {
  return encodeUtf8(JSON.stringify(value)).length
}

/** The service that a URL leads to. Only Google, Apple and loopback are named: another name could identify the user’s company. */
function whereTo(url: string): Pick<DialRecord, 'to' | 'secure'> {
  const { hostname, protocol } = new URL(url)
  const secure = protocol === 'wss:'
  const assigned = ASSIGNED_DOMAINS.indexOf(hostname)
  if (isLoopback(hostname)) return { to: 'loopback', secure }
  return { to: (['google', 'apple'] as const)[assigned] ?? 'other', secure }
}
