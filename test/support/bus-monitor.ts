import { once } from 'node:events'
import type { EventEmitter } from 'node:events'
import { Message, MessageType, sessionBus } from '@jellybrick/dbus-next'
import type { MessageBus } from '@jellybrick/dbus-next'

/** What a bus that was killed before it had read everything leaves its clients with. */
const RESET = ['ECONNRESET', 'EPIPE']

/** A client of a bus, after its greeting. It outlives the bus. */
export async function connectTo(address: string): Promise<MessageBus> {
  const bus = sessionBus({ busAddress: address })
  await once(bus, 'connect')
  eventsOf(bus).on('error', (error: NodeJS.ErrnoException) => {
    if (!RESET.includes(error.code ?? '')) throw error
  })
  return bus
}

/** The library’s types know nothing of its error event. */
function eventsOf(bus: EventEmitter): EventEmitter {
  return bus
}

/** Everything that goes over a bus. */
export interface BusMonitor {
  readonly seen: readonly Message[]
  until(satisfied: (message: Message) => boolean): Promise<void>
  close(): void
}

/** Sees all messages of a bus from now on, but for answers. */
export async function watchBus(address: string): Promise<BusMonitor> {
  const bus = await connectTo(address)
  const monitoring = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus.Monitoring',
    member: 'BecomeMonitor',
    signature: 'asu',
    body: [[], 0],
  }
  await bus.call(new Message(monitoring))
  const seen: Message[] = []
  // A monitor that answers is thrown off the bus.
  bus.addMethodHandler(() => true)
  bus.on('message', message => {
    if (message.type !== MessageType.METHOD_RETURN && message.type !== MessageType.ERROR) seen.push(message)
  })
  return {
    seen,
    async until(satisfied) {
      while (!seen.some(satisfied)) await once(bus, 'message')
    },
    close: () => {
      bus.disconnect()
    },
  }
}
