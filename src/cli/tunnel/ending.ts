import type { TunnelServer } from '../../service/tunnel-server.js'
import { isFromSupervisor } from '../interrupt.js'
import type { Invocation } from '../invocation.js'

/** What ends a service, and how long its tunnels may finish. */
interface Ending extends Pick<Invocation, 'output' | 'surroundings'> {
  readonly drainMs: number
}

/** Ends a service that was told to stop: after SIGTERM it retires before it drains, and the next signal cuts that short. */
export async function endService(server: TunnelServer, ending: Ending): Promise<void> {
  const { output, surroundings, drainMs } = ending
  if (isFromSupervisor(surroundings.signal)) await retire(server, ending)
  const { joined, waiting, ringing } = server.load()
  const tunnels = joined + waiting + ringing
  if (tunnels > 0) {
    output.event({ event: 'draining', tunnels })
    output.note(`${tunnels} tunnels may finish; the next Ctrl-C or SIGTERM ends them`)
  }
  await server.close({ drainMs })
}

async function retire(server: TunnelServer, { output, surroundings }: Ending): Promise<void> {
  const { joined, waiting, ringing, phones } = server.load()
  output.event({ event: 'retiring', tunnels: joined + waiting + ringing, phones })
  output.note(
    'retiring: all is still served, phones are sent elsewhere; the next Ctrl-C or SIGTERM begins to drain',
  )
  await new Promise<void>(resolve => {
    const forget = surroundings.onNextSignal(resolve)
    void server.retire().then(forget).then(resolve)
  })
}
