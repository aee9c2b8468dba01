import type * as PromClient from 'prom-client'
import { UnsupportedError } from '../errors.js'
import { directoryMetrics } from './directory-metrics.js'
import type { DirectoryEvent } from './directory-seat.js'
import { ENDING } from './ending.js'
import type { TunnelServer, TunnelServiceEvent, TunnelServiceLoad } from './tunnel-server.js'

/** What a tunnel service has done and does, as Prometheus text. Nothing in it tells who used it. */
export interface TunnelMetrics {
  /** Counts an event. Call it in `onEvent`. */
  count(event: TunnelServiceEvent): void
  /** Reads the load and the readiness of this service from now on. */
  watch(service: WatchedService): void
  /** Whether the service that is watched is ready; false without one. */
  isReady(): boolean
  /** Media type of the text. */
  readonly contentType: string
  /** The text that Prometheus fetches. */
  text(): Promise<string>
}

type WatchedService = Pick<TunnelServer, 'load' | 'isReady'>
type Library = typeof PromClient
type Count = (name: string, help: string, label?: string) => (value?: string | number) => void

/** What each number of the load is called. */
const GAUGES: readonly [keyof TunnelServiceLoad, string, string][] = [
  ['ringing', 'tunnels_ringing', 'Linked clients that wait for an answer'],
  ['waiting', 'tunnels_waiting', 'Tunnels whose other side has not come'],
  ['joined', 'tunnels_joined', 'Tunnels with both sides'],
  ['phones', 'phones', 'Phones that wait for linked clients'],
  ['connections', 'connections', 'TCP connections'],
  ['bufferedBytes', 'buffered_bytes', 'Memory of messages that wait to be read, in bytes'],
  ['receivingBytes', 'receiving_bytes', 'Memory of messages that are not whole yet, in bytes'],
]

/**
 * Makes metrics with the package `prom-client`.
 * @throws UnsupportedError `package-missing` without `prom-client`.
 *
 * @example
 * const metrics = await createTunnelMetrics()
 * const service = await serveTunnel({ port: 0, onEvent: event => metrics.count(event) })
 * metrics.watch(service)
 * console.log(await metrics.text())
 */
export async function createTunnelMetrics(): Promise<TunnelMetrics> {
  const library = await load()
  const { Counter, Gauge, Registry } = library
  const registry = new Registry()
  let service: WatchedService | undefined
  const isReady = (): boolean => service?.isReady() === true
  const registers = [registry]
  for (const [key, name, help] of GAUGES)
    new Gauge({
      name: `fido_hybrid_${name}`,
      help,
      registers,
      collect() {
        this.set(service?.load()[key] ?? 0)
      },
    })
  new Gauge({
    name: 'fido_hybrid_ready',
    help: '1 while the service is ready for new requests, else 0',
    registers,
    collect() {
      this.set(isReady() ? 1 : 0)
    },
  })
  const countDirectory = directoryMetrics(library, registry)
  const counters = eventCounters(countDirectory, (name, help, label) => {
    const labelNames = label === undefined ? [] : [label]
    const counter = new Counter({ name: `fido_hybrid_${name}_total`, help, labelNames, registers })
    return value => {
      counter.inc(label === undefined || value === undefined ? {} : { [label]: value })
    }
  })
  return {
    count: counters,
    watch: watched => {
      service = watched
    },
    isReady,
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}

/** Labels have few values: reasons, statuses. */
function eventCounters(
  countDirectory: (event: DirectoryEvent) => void,
  counter: Count,
): (event: TunnelServiceEvent) => void {
  const rung = counter('calls', 'Linked clients that asked for their phones')
  const failed = counter('calls_failed', 'Failures of onCall')
  const opened = counter('tunnels_opened', 'Tunnels opened')
  const joined = counter('tunnels_joined', 'Tunnels that both sides joined')
  const ended = counter('tunnels_ended', 'Tunnels ended', 'reason')
  const registered = counter('phones_reachable', 'Phones that began to wait for linked clients')
  const left = counter('phones_left', 'Phones that wait no longer', 'reason')
  const superseded = counter('lines_superseded', 'Lines closed for a newer one on another instance')
  const refused = counter('requests_refused', 'Requests refused', 'status')
  const dropped = counter('connections_dropped', 'TCP connections dropped', 'reason')
  return event => {
    switch (event.type) {
      case 'tunnel-ringing':
        return rung()
      case 'call-failed':
        return failed()
      case 'tunnel-opened':
        return opened()
      case 'tunnel-joined':
        return joined()
      case 'tunnel-ended':
        return ended(event.reason)
      case 'phone-reachable':
        return registered()
      case 'phone-left':
        if (event.reason === ENDING.superseded.reason) superseded()
        return left(event.reason)
      case 'refused':
        return refused(event.status)
      case 'connection-dropped':
        return dropped(event.reason)
      case 'directory-up':
      case 'directory-down':
      case 'directory-warning':
      case 'directory-asked':
        return countDirectory(event)
      case 'listener-failed':
      case 'descriptors-short':
    }
  }
}

async function load(): Promise<Library> {
  try {
    return await import('prom-client')
  } catch (cause) {
    throw new UnsupportedError('package-missing', 'metrics need the package prom-client', { cause })
  }
}
