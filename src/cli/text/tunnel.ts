import { HybridError } from '../../errors.js'
import type { TunnelServiceEvent } from '../../service/tunnel-server.js'
import { errorMembers } from '../failure.js'
import type { Output } from '../output.js'
import { oneLine } from './printable.js'

/** Reports what happens to tunnels, to programs and people, and to `alsoTo`. */
export function tunnelEventsTo(
  output: Pick<Output, 'event' | 'note'>,
  alsoTo: (event: TunnelServiceEvent) => void = () => undefined,
): (event: TunnelServiceEvent) => void {
  return event => {
    alsoTo(event)
    const { type, ...rest } = event
    const details = 'error' in rest ? membersOf(rest.error) : rest
    output.event({ event: type, ...details })
    const words = Object.entries(details).map(([name, value]) => `${name} ${oneLine(String(value))}`)
    output.note(words.length === 0 ? type : `${type}: ${words.join(', ')}`)
  }
}

function membersOf(error: Error): Readonly<Record<string, unknown>> {
  return error instanceof HybridError ? errorMembers(error) : { message: error.message }
}

/** What happens while the service starts is told after that: the first event says where it listens. */
export function heldBack(onEvent: (event: TunnelServiceEvent) => void): {
  readonly onEvent: (event: TunnelServiceEvent) => void
  readonly release: () => void
} {
  const early: TunnelServiceEvent[] = []
  let tell = (event: TunnelServiceEvent): void => void early.push(event)
  return {
    onEvent: event => {
      tell(event)
    },
    release: () => {
      tell = onEvent
      for (const event of early) onEvent(event)
    },
  }
}
