import { afterEach, expect, it, vi } from 'vitest'
import { UsageError } from '../../src/errors.js'
import { serveMetrics } from '../../src/service/metrics-server.js'
import type { MetricsServer } from '../../src/service/metrics-server.js'
import { createTunnelMetrics } from '../../src/service/metrics.js'
import type { TunnelServiceEvent } from '../../src/service/tunnel-server.js'

let pages: MetricsServer[] = []

afterEach(async () => {
  vi.doUnmock('prom-client')
  vi.resetModules()
  await Promise.all(pages.map(page => page.close()))
  pages = []
})

const LOAD = {
  ringing: 1,
  waiting: 2,
  joined: 3,
  phones: 4,
  connections: 5,
  bufferedBytes: 6,
  receivingBytes: 7,
}

/** The lines that are no comments, without the prefix that all have. */
const samples = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.replace(/^fido_hybrid_/, ''))

it('counts every event, and reads the load', async () => {
  const metrics = await createTunnelMetrics()
  metrics.watch({ load: () => LOAD, isReady: () => true })
  const events: readonly TunnelServiceEvent[] = [
    { type: 'tunnel-ringing', tunnel: 1 },
    { type: 'tunnel-opened', tunnel: 1 },
    { type: 'tunnel-opened', tunnel: 2 },
    { type: 'tunnel-joined', tunnel: 1 },
    { type: 'tunnel-ended', tunnel: 1, reason: 'peer closed' },
    { type: 'tunnel-ended', tunnel: 2, reason: 'lifetime over' },
    { type: 'tunnel-ended', tunnel: 3, reason: 'lifetime over' },
    { type: 'phone-reachable', phone: 1 },
    { type: 'phone-left', phone: 1, reason: 'replaced' },
    { type: 'phone-left', phone: 2, reason: 'replaced elsewhere' },
    { type: 'call-failed', error: new UsageError('callback-failed', 'no push') },
    { type: 'refused', status: 404 },
    { type: 'connection-dropped', reason: 'no TLS' },
    { type: 'listener-failed', error: new Error('gone') },
  ]
  for (const event of events) metrics.count(event)
  expect(samples(await metrics.text())).toEqual([
    'tunnels_ringing 1',
    'tunnels_waiting 2',
    'tunnels_joined 3',
    'phones 4',
    'connections 5',
    'buffered_bytes 6',
    'receiving_bytes 7',
    'ready 1',
    'calls_total 1',
    'calls_failed_total 1',
    'tunnels_opened_total 2',
    'tunnels_joined_total 1',
    'tunnels_ended_total{reason="peer closed"} 1',
    'tunnels_ended_total{reason="lifetime over"} 2',
    'phones_reachable_total 1',
    'phones_left_total{reason="replaced"} 1',
    'phones_left_total{reason="replaced elsewhere"} 1',
    'lines_superseded_total 1',
    'requests_refused_total{status="404"} 1',
    'connections_dropped_total{reason="no TLS"} 1',
  ])
})

it('are served beside liveness and readiness', async () => {
  const metrics = await createTunnelMetrics()
  const page = await serveMetrics(metrics, { port: 0 })
  pages.push(page)
  const statusOf = async (path: string): Promise<number> => (await fetch(new URL(path, page.url))).status
  expect([await statusOf('/live'), await statusOf('/ready')]).toEqual([200, 404])
  let isReady = true
  metrics.watch({ load: () => LOAD, isReady: () => isReady })
  expect(await statusOf('/ready')).toBe(200)
  isReady = false
  expect([await statusOf('/live'), await statusOf('/ready')]).toEqual([200, 404])
  expect(samples(await metrics.text())).toContain('ready 0')
})

it('are several when there are several, and zero before a service is watched', async () => {
  const [one, other] = [await createTunnelMetrics(), await createTunnelMetrics()]
  one.count({ type: 'tunnel-opened', tunnel: 1 })
  expect(samples(await one.text())).toContain('tunnels_opened_total 1')
  expect(samples(await other.text())).toContain('tunnels_opened_total 0')
  expect(samples(await other.text())).toContain('connections 0')
})

it('are served on loopback, at one path', async () => {
  const metrics = await createTunnelMetrics()
  const page = await serveMetrics(metrics, { port: 0 })
  pages.push(page)
  expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  const answer = await fetch(page.url)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(await answer.text()).toBe(await metrics.text())
  expect((await fetch(page.url, { method: 'POST' })).status).toBe(405)
  expect((await fetch(new URL('/', page.url))).status).toBe(404)
  const port = Number(new URL(page.url).port)
  await expect(serveMetrics(metrics, { port })).rejects.toMatchObject({ code: 'listen-failed' })
})

it('need the package prom-client', async () => {
  vi.resetModules()
  vi.doMock('prom-client', () => {
    throw new Error('not installed')
  })
  const fresh = await import('../../src/service/metrics.js')
  await expect(fresh.createTunnelMetrics()).rejects.toMatchObject({
    code: 'package-missing',
    message: expect.stringContaining('prom-client') as string,
  })
})

it('count a directory where there is one', async () => {
  const metrics = await createTunnelMetrics()
  expect((await metrics.text()).includes('directory_')).toBe(false)
  metrics.count({ type: 'directory-asked', answer: 'ringing', durationMs: 4 })
  metrics.count({ type: 'directory-asked', answer: 'unknown', durationMs: 60 })
  metrics.count({ type: 'directory-up' })
  const kept = samples(await metrics.text()).filter(line => line.startsWith('directory_'))
  expect(kept).toEqual(
    expect.arrayContaining([
      'directory_up 1',
      'directory_calls_total{answer="ringing"} 1',
      'directory_calls_total{answer="unknown"} 1',
      'directory_call_seconds_bucket{le="0.003"} 0',
      'directory_call_seconds_bucket{le="0.01"} 1',
      'directory_call_seconds_count 2',
    ]),
  )
  metrics.count({ type: 'directory-down', error: new UsageError('callback-failed', 'gone') })
  expect(samples(await metrics.text())).toContain('directory_up 0')
})
