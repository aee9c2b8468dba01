import type { ReadRun, ReadSession, SessionEvent } from '../../trace/read-trace.js'
import type { TraceAbout } from '../../trace/records.js'
import { CTAP_COMMAND } from '../../ctap/commands.js'
import { STEP_WORDS } from '../text/steps.js'
import { codesText, statusText } from './trace-diagnosis.js'

const WISHES = {
  mc: 'to register a passkey',
  ga: 'to sign in',
  dcp: 'for a digital credential',
  dci: 'to issue a digital credential',
} as const

/** A session in one line. */
export function sessionTitle({ role, kind, requestType, proximity, qrAgeSeconds }: ReadSession): string {
  const parts = [
    role === 'client' ? 'laptop' : 'phone',
    kind === 'qr-initiated' ? 'by QR code' : 'by a link',
    requestType === undefined ? [] : [WISHES[requestType]],
    proximity === 'simulated' ? ['nearness simulated'] : ['over Bluetooth'],
    qrAgeSeconds === undefined ? [] : [`code ${qrAgeSeconds} s old`],
  ].flat()
  return parts.join(', ')
}

/** What a program says of itself, in one line. */
function aboutText({ library, runtime, runtimeVersion, os, osVersion, arch, radio }: TraceAbout): string {
  const known = [
    ['fido-hybrid', library],
    [runtime, runtimeVersion],
    [os, osVersion, arch],
    ['radio', radio],
  ].map(words => words.filter(word => word !== undefined))
  return known
    .filter(words => words.length > 1)
    .map(words => words.join(' '))
    .join(', ')
}

/** The runs that are of interest: those in which something was tried. */
export function runTitle(index: number, { about, isFull }: ReadRun): string {
  const text = aboutText(about)
  return `run ${index + 1}${text === '' ? '' : `: ${text}`}${isFull ? ' (the trace is full)' : ''}`
}

/** What happened, in words. */
export function eventText(event: SessionEvent): string {
  switch (event.type) {
    case 'step':
      return STEP_WORDS[event.event] + (event.errors === undefined ? '' : `: ${codesText(event.errors)}`)
    case 'dial':
      return `dials ${SERVICES[event.to]}${event.secure ? '' : ', without TLS'}`
    case 'sent':
    case 'received':
      return `${event.type} ${event.bytes} bytes`
    case 'advert':
      return `the phone’s advert: ${event.bytes} bytes, number ${event.heard} that was heard`
    case 'advertised':
      return `the advert: ${event.bytes} bytes`
    case 'request':
      return `request${event.command === undefined ? '' : ` ${commandName(event.command)}`}: ${event.bytes} bytes`
    case 'answer':
      return `answer${event.status === undefined ? '' : ` ${statusText(event.status)}`}: ${event.bytes} bytes`
    case 'tunnel-closed':
      return `the other side closed the tunnel: close code ${event.closeCode}`
    case 'lost':
      return `${WAYS[event.way]} is lost${event.errors === undefined ? '' : `: ${codesText(event.errors)}`}`
    case 'introduction':
      return `the phone says: ${introductionText(event)}`
    case 'end':
      return event.errors === undefined ? 'the end' : `the end: ${codesText(event.errors)}`
  }
}

const SERVICES = {
  google: 'Google’s tunnel service',
  apple: 'Apple’s tunnel service',
  loopback: 'a tunnel service on this machine',
  other: 'another tunnel service',
} as const

const WAYS = { tunnel: 'the tunnel', ble: 'a data channel over Bluetooth' } as const

function commandName(command: number): string {
  const [name] = Object.entries(CTAP_COMMAND).find(([, byte]) => byte === command) ?? []
  return name ?? `0x${command.toString(16).padStart(2, '0')}`
}

function introductionText(event: Extract<SessionEvent, { type: 'introduction' }>): string {
  const { features, versions, extensions, options, transports, algorithms, aaguid, maxMsgSize, others } =
    event
  const lists = { features, versions, extensions, options, transports, algorithms }
  const named = Object.entries(lists).flatMap(([name, list]) =>
    list === undefined || list.length === 0 ? [] : [`${name} ${list.join(' ')}`],
  )
  const single = [
    aaguid === undefined ? [] : [`aaguid ${aaguid}`],
    maxMsgSize === undefined ? [] : [`maxMsgSize ${maxMsgSize}`],
    others === 0 ? [] : [`${others} words that a trace does not keep`],
  ].flat()
  return [...named, ...single].join('; ')
}
