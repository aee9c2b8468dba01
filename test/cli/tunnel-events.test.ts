import { expect, test, vi } from 'vitest'
import { tunnelEventsTo } from '../../src/cli/text/tunnel.js'
import { TunnelError } from '../../src/errors.js'
import type { TunnelServiceEvent } from '../../src/service.js'

const lost = new TunnelError('tunnel-unreachable', 'no connection')

test.each<[TunnelServiceEvent, string]>([
  [{ type: 'directory-up' }, 'directory-up'],
  [
    { type: 'directory-down', error: lost },
    `directory-down: code tunnel-unreachable, message no connection, fault environment, cure ${lost.cure}`,
  ],
  [
    { type: 'descriptors-short', limit: 3, connections: 2, maxConnections: 4 },
    'descriptors-short: limit 3, connections 2, maxConnections 4',
  ],
])('people are told of %o in a line', (event, line) => {
  const output = { event: vi.fn(), note: vi.fn() }
  tunnelEventsTo(output)(event)
  expect(output.note.mock.calls).toEqual([[line]])
})
