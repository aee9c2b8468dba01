import type { LinkedCaller, ServeEvent } from '../../authenticator/serve-events.js'
import { SECOND_MS } from '../../ports/clock.js'
import { errorMembers } from '../failure.js'
import { phoneLinkLine, phoneLinkMembers } from './link.js'
import type { Output } from '../output.js'
import { oneLine } from './printable.js'

const WISHES: Readonly<Record<LinkedCaller['requestType'], string>> = {
  mc: 'register a passkey',
  ga: 'sign in',
}

/** Tells what happens between transactions, to programs and to people. */
export function serveEventsTo(output: Output): (event: ServeEvent) => void {
  return event => {
    output.event(toJson(event))
    output.note(words(event))
  }
}

function toJson(event: ServeEvent): object {
  switch (event.event) {
    case 'line-lost':
      return { event: event.event, ...errorMembers(event.error), retryInMs: event.retryInMs }
    case 'reachable':
    case 'dropped':
      return event
    case 'failed':
      return { event: event.event, ...callMembers(event), ...errorMembers(event.error) }
    case 'served':
      return { event: event.event, ...callMembers(event), answered: event.answered }
    default:
      return { event: event.event, ...callMembers(event) }
  }
}

function callMembers({ link, requestType }: Partial<LinkedCaller>): object {
  return link === undefined ? {} : { ...phoneLinkMembers(link), requestType }
}

function words(event: ServeEvent): string {
  switch (event.event) {
    case 'reachable':
      return 'linked laptops can reach this phone'
    case 'line-lost':
      return `out of reach: ${oneLine(event.error.message)}; trying again in ${event.retryInMs / SECOND_MS} s. ${event.error.cure}`
    case 'dropped':
      return `dropped a call: ${event.reason} (${event.total} so far)`
    case 'call':
      return `called by ${phoneLinkLine(event.link)}, to ${WISHES[event.requestType]}`
    case 'served':
      return event.answered === 0 ? 'the call got no answer' : 'the call is answered'
    case 'failed':
      return `the call failed: ${oneLine(event.error.message)} (${event.error.code})`
    case 'declined':
      return 'the call was declined'
  }
}
