import type { Served } from '../driver/authenticator-driver.js'
import type { DriveOptions } from '../driver/progress.js'
import type { UsageError } from '../errors.js'
import type { Clock, Random } from '../ports/clock.js'
import type { ContactLine, ContactRegistration } from '../ports/contact-line.js'
import type { Timeouts } from '../session/position.js'
import { ContactDesk } from './contact-desk.js'
import type { LinkedCall } from './contact-desk.js'
import type { PhoneLinks } from './phone-links.js'
import type { LinkedContact, ServeEvent, ServeReport } from './serve-events.js'
import { StandingLine } from './standing-line.js'

/** How linked clients are served. */
export interface ServeOptions extends DriveOptions {
  /** Asked before a linked client is answered; whoever answers the request asks again. Yes unless given. */
  readonly onContact?: ((contact: LinkedContact) => boolean | Promise<boolean>) | undefined
  /** Hears what happens between transactions; `onProgress` hears their steps. Throwing ends the serving. */
  readonly onEvent?: ((event: ServeEvent) => void) | undefined
  /** Limits of the stages of each transaction, ms. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/** What a phone serves its linked clients with. */
export interface ContactServing {
  readonly links: PhoneLinks
  readonly line: ContactLine
  readonly clock: Clock
  readonly random: Random
  /** Base of the tunnel service. */
  readonly url: string
  /** Serves one client; takes the keys over. */
  readonly transact: (call: LinkedCall, options: ServeOptions) => Promise<Served>
  /** Has the line in it while it stands. */
  readonly lines: Set<Pick<StandingLine, 'renew'>>
}

/** Stays registered and answers linked clients, one after the other, until the signal fires. */
export async function serveContacts(serving: ContactServing, options: ServeOptions): Promise<ServeReport> {
  const { links, url, line, clock, random, lines } = serving
  const ended = new AbortController()
  let fault: UsageError | undefined
  const end = (): void => {
    ended.abort(options.signal?.reason)
  }
  const desk = new ContactDesk({
    links,
    signal: ended.signal,
    transact: call => serving.transact(call, { ...options, signal: ended.signal }),
    // Once the client has its answer, which goes over this very line.
    moved: () => {
      clock.setAlarm(clock.now(), () => {
        standing.renew()
      })
    },
    onContact: options.onContact,
    onEvent: options.onEvent,
    fail: error => {
      fault ??= error
      end()
    },
  })
  const standing = new StandingLine({
    line,
    clock,
    random,
    registration: () => registrationOf(links, url),
    registered: () => {
      desk.tell({ event: 'registered' })
    },
    contact: (contact, { key }) => desk.receive(contact, key),
    lost: (error, retryInMs) => {
      desk.tell({ event: 'line-lost', error, retryInMs })
    },
  })
  lines.add(standing)
  options.signal?.addEventListener('abort', end)
  try {
    if (options.signal?.aborted === true) end()
    await standing.run(ended.signal)
  } finally {
    options.signal?.removeEventListener('abort', end)
    lines.delete(standing)
    end()
    await desk.close()
  }
  if (fault !== undefined) throw fault
  return desk.report
}

async function registrationOf(links: PhoneLinks, url: string): Promise<ContactRegistration> {
  const { registrationKey: key, revoked } = await links.identity()
  return { url, key, revoked }
}
