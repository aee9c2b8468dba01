import type { TunnelServiceEvent } from '../service/tunnel-server.js'
import type { Output } from './output.js'

/** Tells what becomes of tunnels, to programs and people. */
export function tunnelEventsTo(output: Output): (event: TunnelServiceEvent) => void {
  return ({ type, ...rest }) => {
    const details = 'error' in rest ? { message: rest.error.message } : rest
    output.event({ event: type, ...details })
    const words = Object.entries(details).map(([name, value]) => `${name} ${value}`)
    output.note(`${type}: ${words.join(', ')}`)
  }
}
