import type { ProgressEvent, ProgressListener } from '../../driver/progress.js'
import { SECOND_MS } from '../../ports/clock.js'
import { errorMembers } from '../failure.js'
import type { Output } from '../output.js'
import { oneLine } from './printable.js'

const TIME_WIDTH = 8

/** What each step is for people. */
export const STEP_WORDS: Readonly<Record<ProgressEvent['event'], string>> = {
  'qr-shown': 'the QR code is shown',
  scanning: 'listening for the phone',
  'advert-seen': 'heard the phone',
  'tunnel-connecting': 'connecting to the tunnel service',
  'tunnel-connected': 'connected to the tunnel service',
  'channel-connecting': 'connecting to the phone over Bluetooth',
  'channel-connected': 'connected to the other device over Bluetooth',
  advertising: 'advertising to the laptop',
  handshake: 'agreeing on keys with the other device',
  connected: 'connected to the other device',
  'request-sent': 'sent the request',
  'request-received': 'received a request',
  'awaiting-user': 'waiting for the user of the phone',
  response: 'the request is answered',
  linked: 'linked: the next time needs no QR code',
  'not-linked': 'no link was kept',
  'radio-interrupted': 'Bluetooth is away, and may come back',
  'radio-resumed': 'Bluetooth is back',
  closed: 'closed',
}

/** Tells each step, to programs as it is and to people in words with its time. */
export function stepsTo(output: Output): ProgressListener {
  return event => {
    const { error, ...step } = event
    output.event(error === undefined ? step : { ...step, error: errorMembers(error) })
    const time = `${(event.elapsedMs / SECOND_MS).toFixed(2)} s`.padStart(TIME_WIDTH)
    const played = event.proximity === 'simulated' && isNearness(event) ? ' (simulated air)' : ''
    const why = error === undefined ? '' : `: ${oneLine(error.message)} (${error.code})`
    output.note(`${output.colors.dim(time)}  ${STEP_WORDS[event.event]}${played}${why}`)
  }
}

function isNearness({ event }: ProgressEvent): boolean {
  return event === 'scanning' || event === 'advertising' || event === 'advert-seen'
}
