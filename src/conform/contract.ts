/** The environment variables of a command under test ([README](README.md)). */
export const VARIABLE = {
  contract: 'FIDO_HYBRID_CONFORM',
  operation: 'FIDO_HYBRID_OPERATION',
  options: 'FIDO_HYBRID_OPTIONS',
  origin: 'FIDO_HYBRID_ORIGIN',
  tunnelUrl: 'FIDO_HYBRID_TUNNEL_URL',
  folder: 'FIDO_HYBRID_FOLDER',
  qr: 'FIDO_HYBRID_QR',
  airUrl: 'FIDO_HYBRID_AIR_URL',
  links: 'FIDO_HYBRID_LINKS',
  port: 'FIDO_HYBRID_PORT',
} as const

/** Counts up when a command that was written for the contract before would not do any more. */
export const CONTRACT = 1

/** What a command under test is asked to do: the first three of a client, then a phone and a service. */
export type Operation = 'register' | 'login' | 'call' | 'answer' | 'serve'

/** What not every implementation has; its cases are played with those that say so. */
const ABILITIES = ['data-channel', 'links'] as const
export type Ability = (typeof ABILITIES)[number]

/** One line that a command under test has printed. */
export type DriverLine =
  | { readonly kind: 'can'; readonly ability: Ability }
  | { readonly kind: 'qr'; readonly url: string }
  | { readonly kind: 'advert'; readonly serviceData: string }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly text: string }
  /** Not a line of the contract: a word of the program to its people. */
  | { readonly kind: 'other' }
  /** A word of the contract with something else behind it. */
  | { readonly kind: 'malformed' }

const WORDS = /^(CAN|QR|ADVERT|LISTENING|RESULT|ERROR)(?: (.*))?$/
const QR_TEXT = /^FIDO:\/\d+$/i
const ADVERT_TEXT = /^(?:fff9|fde2) ((?:[0-9a-f]{2})*)$/i
const URL_TEXT = /^wss?:\/\/\S+$/

const MALFORMED: DriverLine = { kind: 'malformed' }

/** Reads a line of a command under test. */
export function parseDriverLine(line: string): DriverLine {
  const [, word, text = ''] = WORDS.exec(line.trimEnd()) ?? []
  switch (word) {
    case 'CAN':
      return parseAbility(text)
    case 'QR':
      return QR_TEXT.test(text) ? { kind: 'qr', url: text } : MALFORMED
    case 'ADVERT':
      return parseAdvert(text)
    case 'LISTENING':
      return URL_TEXT.test(text) ? { kind: 'listening', url: text } : MALFORMED
    case 'RESULT':
      return parseResult(text)
    case 'ERROR':
      return { kind: 'error', text }
    default:
      return { kind: 'other' }
  }
}

/** The line that tells a client of an advert on the air. */
export function advertLine(serviceDataHex: string): string {
  return `ADVERT fff9 ${serviceDataHex}`
}

function parseAbility(text: string): DriverLine {
  const ability = ABILITIES.find(each => each === text)
  return ability === undefined ? MALFORMED : { kind: 'can', ability }
}

function parseAdvert(text: string): DriverLine {
  const [, serviceData] = ADVERT_TEXT.exec(text) ?? []
  return serviceData === undefined ? MALFORMED : { kind: 'advert', serviceData }
}

function parseResult(text: string): DriverLine {
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'result', value }
  } catch {
    return MALFORMED
  }
}
