import { readdirSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { OPERATIONS } from '../../bench/suites/handshake/bare.js'
import { runEngines } from '../../bench/suites/cluster/engines.js'
import { relayKinds } from '../../bench/suites/service/relay-kinds.js'
import { SUITES } from '../../bench/suites.js'
import { readOptions } from '../../bench/harness/options.js'
import { runChild } from '../../bench/harness/children.js'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { psk } from '../../src/bytes/brands.js'
import { answerHandshake, startClientHandshake } from '../../src/session.js'
import { countingProvider } from '../support/counting-provider.js'

test('every suite is in the list, and every entry has its file', () => {
  const files = readdirSync(new URL('../../bench/suites', import.meta.url))
    .filter(name => name.endsWith('.bench.ts'))
    .map(name => name.slice(0, -'.bench.ts'.length))
  expect(SUITES.map(({ name }) => name).toSorted()).toEqual(files.toSorted())
  for (const { name, load } of SUITES) expect(load.toString()).toContain(`/${name}.bench.`)
})

test('the bare baseline makes as many calls as a handshake does', () => {
  const { crypto, counts } = countingProvider(nodeCryptoProvider)
  const both = { crypto, transaction: 'qr-initiated', psk: psk(new Uint8Array(32)) } as const
  const identity = crypto.generateEcdhKey()
  const client = startClientHandshake({ ...both, identity, ephemeral: crypto.generateEcdhKey() })
  const keys = { clientKey: identity.publicKey, ephemeral: crypto.generateEcdhKey() }
  client.finish(answerHandshake({ ...both, ...keys }, client.message1).message2)
  const { generateEcdhKey, ...others } = counts
  expect({ keyPair: generateEcdhKey - 1, ...others }).toEqual(OPERATIONS)
})

test.each<[string[], object | undefined]>([
  [[], undefined],
  [['--json'], {}],
  [['--json', '--quick'], {}],
  [['--json', 'a.json'], { file: 'a.json' }],
  [['--json=a.json', '--filter', 'x'], { file: 'a.json' }],
])('%j asks for JSON as %j', (args, json) => {
  expect(readOptions(args).json).toEqual(json)
  expect(readOptions(args).quick).toBe(args.includes('--quick'))
})

test('options there are not are refused', () => {
  expect(() => readOptions(['--fast'])).toThrow('--fast')
  expect(() => readOptions(['handshake'])).toThrow('handshake')
})

const node = (program: string, timeLimitMs: number) =>
  runChild(process.execPath, ['--eval', program], { timeLimitMs })

test('a child that does not end is killed, and one that fails says why', async () => {
  await expect(node('setInterval(() => {}, 1000)', 300)).rejects.toThrow('still running after 300 ms')
  await expect(node('console.error("no luck"); process.exit(3)', 30_000)).rejects.toThrow(
    'ended with 3: no luck',
  )
  expect(await node('console.log("done")', 30_000)).toEqual({ stdout: 'done\n', stderr: '' })
})

test('a workload that is not installed is left out, with the reason', async () => {
  vi.stubEnv('PATH', '/nonexistent')
  const omit = vi.fn()
  const context = { quick: true, group: () => Promise.reject(new Error('nothing is measured')), omit }
  expect(await relayKinds(context)).toEqual(['service', 'ws', 'tcp'])
  expect(await runEngines(context)).toEqual([])
  vi.unstubAllEnvs()
  const missing = (name: string, reason: string) => [
    { name, reason: expect.stringContaining(reason) as string },
  ]
  expect(omit.mock.calls).toEqual([
    missing('Go relay on coder/websocket', 'needs Go 1.23'),
    missing('cluster, NATS', 'needs nats-server: test/cluster/install-packages.sh'),
    missing('cluster, Redis', 'needs redis-server: test/cluster/install-packages.sh'),
  ])
})
