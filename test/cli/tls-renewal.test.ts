import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import type { Tunnel } from '../../src/ports/tunnel-dialer.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { useFolderPerFile } from '../support/test-folder.js'
import { tunnelProbe } from '../support/tunnel-probe.js'

const folder = useFolderPerFile()
const start = useCli()
let [first, second]: readonly TestCertificate[] = []
let tunnels: Tunnel[] = []

beforeAll(async () => {
  ;[first, second] = await Promise.all([makeCertificate(), makeCertificate()])
})

afterEach(async () => {
  await Promise.all(tunnels.map(tunnel => tunnel.close()))
  tunnels = []
})

function both(): readonly [TestCertificate, TestCertificate] {
  if (first === undefined || second === undefined) throw new Error('no certificates')
  return [first, second]
}

async function write(where: string, { cert, key }: TestCertificate): Promise<void> {
  await mkdir(where, { recursive: true })
  await writeFile(join(where, 'cert.pem'), cert)
  await writeFile(join(where, 'key.pem'), key)
}

async function serve(where: string): Promise<{ process: CliProcess; url: string }> {
  const files = ['--tls-cert', join(where, 'cert.pem'), '--tls-key', join(where, 'key.pem')]
  const process = start('tunnel', 'serve', '--port', '0', '--drain-lines', '0.1', ...files)
  const { url } = await process.event('listening')
  return { process, url: String(url) }
}

/** @returns a code, or `open`. */
async function dial(url: string, ca: string, path: string): Promise<string> {
  const probe = tunnelProbe()
  const dialer = wsDialer({ ca, closeTimeoutMs: 20 })
  tunnels.push(dialer.dial({ url: `${url}${path}`, subprotocol: 'fido.cable', headers: {} }, probe))
  const seen = await probe.next()
  return seen.type === 'failed' ? seen.error.code : seen.type
}

const NEW = `/cable/new/${'0'.repeat(32)}`
const OTHER = `/cable/new/${'1'.repeat(32)}`

test.each<[string, (at: string, newer: TestCertificate) => Promise<void>]>([
  ['written over', write],
  [
    'replaced by renaming',
    async (at, newer) => {
      await write(`${at}-new`, newer)
      for (const name of ['cert.pem', 'key.pem']) await rename(join(`${at}-new`, name), join(at, name))
    },
  ],
])(
  'files that are %s are taken up, and tunnels stay',
  async (how, renew) => {
    const [older, newer] = both()
    const at = folder.at(how.replaceAll(' ', '-'))
    await write(at, older)
    const { process, url } = await serve(at)
    expect(await dial(url, older.ca, NEW)).toBe('open')
    await renew(at, newer)
    await process.event('certificate-renewed')
    expect(await dial(url, newer.ca, OTHER)).toBe('open')
    process.send('SIGTERM')
    const { events } = await process.end
    expect(events.filter(({ event }) => event === 'tunnel-opened')).toHaveLength(2)
    // The older tunnel lasted until the service stopped.
    expect(events.find(({ event }) => event === 'draining')).toMatchObject({ tunnels: 2 })
  },
  60_000,
)

test('a symbolic link that leads elsewhere is followed', async () => {
  const [older, newer] = both()
  const at = folder.at('linked')
  await write(folder.at('one'), older)
  await write(folder.at('two'), newer)
  await symlink('one', at)
  const { process, url } = await serve(at)
  await symlink('two', `${at}-new`)
  await rename(`${at}-new`, at)
  await process.event('certificate-renewed')
  expect(await dial(url, newer.ca, NEW)).toBe('open')
}, 60_000)

test('SIGHUP has files read at once, and what is of no use refused', async () => {
  const [older, newer] = both()
  const at = folder.at('signalled')
  await write(at, older)
  const { process, url } = await serve(at)
  await writeFile(join(at, 'cert.pem'), 'nothing')
  process.send('SIGHUP')
  expect((await process.event('certificate-refused'))['message']).toMatch(/certificate/)
  expect(await dial(url, older.ca, NEW)).toBe('open')
  await write(at, newer)
  process.send('SIGHUP')
  await process.event('certificate-renewed')
  expect(await dial(url, newer.ca, OTHER)).toBe('open')
}, 60_000)

test('SIGHUP ends a service without files, as before', async () => {
  const process = start('tunnel', 'serve', '--port', '0')
  await process.event('listening')
  process.send('SIGHUP')
  expect((await process.end).code).toBe(0)
})
