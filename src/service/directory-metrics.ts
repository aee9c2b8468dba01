import type * as PromClient from 'prom-client'
import { SECOND_MS } from '../ports/clock.js'
import type { DirectoryEvent } from './directory-seat.js'

/** A call within one room, up to one that waits for the 2 s of its limit. */
const BUCKETS_S = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]

/** Counts the events of the directory. A service without a directory has none of these metrics. */
export function directoryMetrics(
  { Counter, Gauge, Histogram }: typeof PromClient,
  registry: PromClient.Registry,
): (event: DirectoryEvent) => void {
  const make = (): Metrics => {
    const registers = [registry]
    const named = (name: string, help: string) => ({ name: `fido_hybrid_directory_${name}`, help, registers })
    return {
      up: new Gauge(named('up', 'Whether phones of other instances can be reached')),
      calls: new Counter({
        ...named('calls_total', 'Calls to phones of other instances'),
        labelNames: ['answer'],
      }),
      seconds: new Histogram({
        ...named('call_seconds', 'How long the answer to such a call took'),
        buckets: BUCKETS_S,
      }),
    }
  }
  let metrics: Metrics | undefined
  return event => {
    metrics ??= make()
    if (event.type === 'directory-up' || event.type === 'directory-down')
      metrics.up.set(event.type === 'directory-up' ? 1 : 0)
    if (event.type !== 'directory-asked') return
    metrics.calls.inc({ answer: event.answer })
    metrics.seconds.observe(event.durationMs / SECOND_MS)
  }
}

interface Metrics {
  readonly up: PromClient.Gauge
  readonly calls: PromClient.Counter<'answer'>
  readonly seconds: PromClient.Histogram
}
