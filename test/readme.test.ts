import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { serveAirHub } from '../src/adapters/air/air-hub.js'
import type { AirHub } from '../src/adapters/air/air-hub.js'
import { airAdvertiser, airScanner } from '../src/adapters/air/air-client.js'
import { HybridAuthenticator, HybridClient } from '../src/index.js'
import type { BleScanner, ProgressEvent } from '../src/index.js'
import { nodePlatform } from '../src/node.js'
import { serveTunnel } from '../src/service.js'
import type { TunnelServer } from '../src/service.js'
import * as testing from '../src/testing.js'
import { alwaysApprove, MemoryCredentialStore, VirtualAuthenticator } from '../src/virtual.js'
import { namedBlock, PAGES } from './support/pages.js'
import { Program } from './support/program.js'
import type { ProgramOptions } from './support/program.js'
import { readTerminalQrs } from './support/terminal-qr.js'
import { shellCommands } from './support/shell-commands.js'
import { useFolderPerTest } from './support/test-folder.js'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const firstLine = (stdout: string): boolean => stdout.includes('\n')

const folder = useFolderPerTest()

/** Starts an example as its reader would, in a folder of its own. */
async function start(name: string, options: ProgramOptions = {}): Promise<Program> {
  // Out there no package.json says that it is a module.
  const path = folder.at(name.replace('.ts', '.mts'))
  await writeFile(path, namedBlock(name))
  return new Program(path, { cwd: folder.path, ...options })
}

test.each(['credentials.ts', 'harness.ts', 'misbehaving.ts'])('%s runs', async name => {
  const { code, stderr } = await (await start(name)).ending()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('sign-in.mjs draws two QR codes, and signs in', async () => {
  const { code, stdout, stderr } = await (await start('sign-in.mjs', { args: ['--lab'] })).ending()
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(readTerminalQrs(stdout)).toHaveLength(2)
  expect(stdout).toMatch(/\nsigned in\n$/)
})

test('handshake.ts prints the times of a handshake', async () => {
  const { code, stdout } = await (await start('handshake.ts')).ending()
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^noble: \d+\.\d\d ms a handshake, both sides\nnode: \d+\.\d\d ms a handshake, both sides\n$/,
  )
})

test('service.ts serves tunnels and metrics, until SIGTERM', async () => {
  const program = await start('service.ts', { env: { PORT: '0', METRICS_PORT: '0' } })
  const [, port = '', metrics = ''] =
    /^ws:\/\/127\.0\.0\.1:(\d+), with (\S+)\n/.exec(await program.until(firstLine)) ?? []
  expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200)
  expect(await (await fetch(metrics)).text()).toContain('fido_hybrid_tunnels_joined_total 0')
  program.terminate()
  expect(await program.ending()).toMatchObject({ code: 0, stderr: '' })
})

interface Surroundings {
  readonly hub: AirHub
  readonly service: TunnelServer
  readonly env: { readonly AIR: string; readonly TUNNEL: string }
}

async function withSurroundings(use: (surroundings: Surroundings) => Promise<void>): Promise<void> {
  const [hub, service] = await Promise.all([serveAirHub({ port: 0 }), serveTunnel({ port: 0 })])
  try {
    await use({ hub, service, env: { AIR: hub.url, TUNNEL: service.url } })
  } finally {
    await Promise.all([hub.close(), service.close()])
  }
}

const rp = { origin: 'https://login.example.com' }

test('laptop.mjs draws a QR code, and registers with the phone that scans it', () =>
  withSurroundings(async ({ hub, service, env }) => {
    const laptop = await start('laptop.mjs', { env })
    const [text = ''] = readTerminalQrs(await laptop.until(isDrawn))
    const platform = nodePlatform({ advertiser: airAdvertiser(hub.url) })
    const store = new MemoryCredentialStore()
    const handler = new VirtualAuthenticator({ ...platform, store, consent: alwaysApprove() })
    await new HybridAuthenticator({ ...platform, handler, tunnelUrl: service.url }).scan(text, {
      source: 'camera',
    })
    const { code, stdout, stderr } = await laptop.ending()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [kept] = await store.list()
    const id = Buffer.from(kept?.credentialId ?? []).toString('base64url')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`registered ${id}`)
  }))

function isDrawn(stdout: string): boolean {
  try {
    return readTerminalQrs(stdout).length > 0
  } catch {
    return false
  }
}

test('laptop.mjs tells what to do when it fails', async () => {
  const gone = await serveAirHub({ port: 0 })
  await gone.close()
  const { code, stderr } = await (
    await start('laptop.mjs', { env: { AIR: gone.url, TUNNEL: 'ws://127.0.0.1:4433' } })
  ).ending()
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'NotAllowedError ble-scan-failed See the cause; check Bluetooth, or the air hub’s address.\n',
  })
})

test('phone.ts serves a laptop and keeps the passkey in its file', () =>
  withSurroundings(async ({ hub, service, env }) => {
    const platform = nodePlatform({ scanner: airScanner(hub.url) })
    const party = await testing.createRelyingParty(rp)
    const failed = new AbortController()
    let phone: Program | undefined
    const client = new HybridClient({ ...platform, tunnelUrl: service.url })
    const response = await client.create(await party.creationOptions(), {
      ...rp,
      signal: failed.signal,
      onQr: async ({ url }) => {
        phone = await start('phone.ts', { env, args: [url] })
        const { code, stderr } = await phone.ending()
        if (code !== 0) failed.abort(stderr)
      },
    })
    await party.register(response)
    const ending = await phone?.ending()
    expect(ending).toMatchObject({ code: 0, stderr: '' })
    expect(ending?.stdout.trimEnd().split('\n').at(-1)).toBe('1 request answered, 1 passkeys kept')
    expect(existsSync(folder.at('passkeys.json'))).toBe(true)
  }))

test('host-scanner.ts hears what a host says, and fails when it ends', async () => {
  const path = folder.at('host-scanner.ts')
  await writeFile(path, namedBlock('host-scanner.ts'))
  const { hostScanner } = (await import(path)) as { hostScanner: (connect: () => object) => BleScanner }
  const [onMessage, onDisconnect, disconnect] = [vi.fn(), vi.fn(), vi.fn()]
  const port = {
    onMessage: { addListener: onMessage },
    onDisconnect: { addListener: onDisconnect },
    disconnect,
  }
  const listener = { started: vi.fn(), advert: vi.fn(), failed: vi.fn() }
  const scan = hostScanner(() => port).scan(listener)

  const [[say] = []] = onMessage.mock.calls as [(message: object) => void][]
  say?.({})
  expect(listener.started).toHaveBeenCalledOnce()
  say?.({ uuid: 'fff9', data: [1, 2] })
  expect(listener.advert.mock.calls).toEqual([[{ uuid: 'fff9', serviceData: Uint8Array.of(1, 2) }]])
  const [[end] = []] = onDisconnect.mock.calls as [() => void][]
  end?.()
  expect(listener.failed.mock.calls).toMatchObject([[{ code: 'bluetooth-lost' }]])
  await scan.stop()
  expect(disconnect).toHaveBeenCalledOnce()
})

/** Times and identifiers differ from run to run; all else is compared. */
const timeless = (line: string): string =>
  line
    .replace(/^ *\d+\.\d ms/, '')
    .replace(/(credential ID +)\S+/, '$1')
    .replace(/:\d+$/, '')
    .replace(/in \d+ ms/, '')

test('the demo prints what the README shows, in that order', async () => {
  const excerpt = namedBlock('demo-output').trimEnd().split('\n')
  const { stdout } = await new Program('examples/demo/main.ts').ending()
  const printed = stdout.split('\n').map(timeless)
  let from = 0
  for (const line of excerpt.filter(each => each.trim() !== '' && each.trim() !== '…')) {
    const found = printed.indexOf(timeless(line), from)
    expect(found, line).toBeGreaterThanOrEqual(from)
    from = found + 1
  }
  expect(excerpt.length).toBeGreaterThan(10)
})

/** The commands of the blocks that register in three terminals, sign in, and sign in by link, as words without their quotes. */
const commands = [
  'terminal-1',
  'terminal-2',
  'terminal-3',
  'terminal-login',
  'terminal-linked-phone',
  'terminal-linked-laptop',
].flatMap(name => shellCommands(namedBlock(name)))
const commandsOf = (program: string): (readonly string[])[] => commands.filter(([first]) => first === program)

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  exports: Readonly<Record<string, unknown>>
}

/** The arguments of one of these commands, with other addresses in them. */
function argumentsOf(path: string, addresses: ReadonlyMap<string, string>): string[] {
  const words = commandsOf('fido-hybrid').find(command => command.slice(1).join(' ').startsWith(path)) ?? []
  expect(words, path).not.toEqual([])
  return words.slice(1).map(word => {
    const [known, other] = [...addresses].find(([address]) => word.includes(address)) ?? ['', '']
    return word.replace(known, other)
  })
}

interface Listening {
  readonly tunnelUrl: string
  readonly airUrl: string
  readonly relyingPartyUrl: string
}

test('the terminals register a passkey, sign in with it, and sign in by link', async () => {
  const CLI = 'src/cli.ts'
  const env = { XDG_DATA_HOME: folder.path }
  const ports = argumentsOf('lab', new Map()).map(word => (/^\d+$/.test(word) ? '0' : word))
  const lab = new Program(CLI, { args: [...ports, '--json'] })
  const listening = JSON.parse((await lab.until(firstLine)).split('\n')[0] ?? '') as Listening
  const addresses = new Map([
    ['ws://127.0.0.1:4433', listening.tunnelUrl],
    ['ws://127.0.0.1:4434/air', listening.airUrl],
    ['http://localhost:8080', listening.relyingPartyUrl],
  ])
  /** Where the options of each ceremony come from, and where its response goes. */
  const urls = commandsOf('curl').map(words =>
    (words.at(-1) ?? '').replace('http://localhost:8080', listening.relyingPartyUrl),
  )

  /** A laptop of the page, as far as the response that it prints, which the relying party takes. */
  async function accepted(path: string, meet: (qrUrl: string) => Promise<void>): Promise<string> {
    const [from = '', to = ''] = urls.splice(0, 2)
    const laptop = new Program(CLI, { args: [...argumentsOf(path, addresses), '--json'], env })
    laptop.type(await (await fetch(from)).text())
    laptop.hangUp()
    const { url = '' } = JSON.parse((await laptop.until(firstLine)).split('\n')[0] ?? '') as { url?: string }
    await meet(url)
    const { code, stdout } = await laptop.ending()
    expect(code, stdout).toBe(0)
    // `closed` comes after it, and `linked` when the link is kept.
    const step = /^.*"event":"(?:credential|assertion)".*$/m.exec(stdout)?.[0] ?? ''
    const { response } = JSON.parse(step) as { response: { id: string } }
    const headers = { 'content-type': 'application/json' }
    const verdict = await fetch(to, { method: 'POST', headers, body: JSON.stringify(response) })
    expect(await verdict.json()).toEqual({ verified: true, credentialId: response.id })
    return response.id
  }
  const scannedBy = (path: string) => async (url: string) => {
    const args = argumentsOf(path, new Map([...addresses, ['FIDO:/…', url]]))
    expect(await new Program(CLI, { args, env }).ending()).toMatchObject({ code: 0 })
  }

  const id = await accepted('client register', scannedBy('phone scan FIDO'))
  const list = await new Program(CLI, { args: argumentsOf('phone list', addresses), env }).ending()
  expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining(id) as string })
  expect(await accepted('client login --remember', scannedBy('phone scan --link'))).toBe(id)

  const phone = new Program(CLI, { args: [...argumentsOf('phone serve', addresses), '--json'], env })
  await phone.until(told => told.includes('"reachable"'))
  expect(await accepted('client login --link', () => Promise.resolve())).toBe(id)
  expect(urls).toEqual([])
  phone.interrupt()
  expect(await phone.ending()).toMatchObject({ code: 130 })

  lab.interrupt()
  expect(await lab.ending()).toMatchObject({ code: 130 })
}, 60_000)

const COMMAND_LINE = PAGES.get('examples/guides/command-line.md') ?? ''
const table = Array.from(
  COMMAND_LINE.matchAll(/^\| `fido-hybrid ([a-z ]+)`/gm),
  ([, command = '']) => command,
)

test('the table has the commands that there are', async () => {
  const programs = await Promise.all(
    [[], ['client'], ['phone'], ['tunnel']].map(path =>
      new Program('src/cli.ts', { args: [...path, '--help'] }).ending(),
    ),
  )
  const [top = [], client = [], phone = [], tunnel = []] = programs.map(({ stdout }) => subcommandsIn(stdout))
  const groups = new Map([
    ['client', client],
    ['phone', phone.filter(name => !['show', 'rename', 'delete', 'accept'].includes(name))],
    ['tunnel', tunnel],
  ])
  expect(table).toEqual(top.flatMap(name => groups.get(name)?.map(sub => `${name} ${sub}`) ?? [name]))
})

function subcommandsIn(help: string): string[] {
  const [, list = ''] = help.split('\nCommands:\n')
  return Array.from(list.matchAll(/^ {2}([a-z]+)/gm), ([, name = '']) => name).filter(name => name !== 'help')
}

test('the words of progress are all that there are', () => {
  const words: Readonly<Record<ProgressEvent['event'], true>> = {
    'qr-shown': true,
    scanning: true,
    advertising: true,
    'advert-seen': true,
    'tunnel-connecting': true,
    'tunnel-connected': true,
    'channel-connecting': true,
    'channel-connected': true,
    handshake: true,
    connected: true,
    linked: true,
    'not-linked': true,
    'radio-interrupted': true,
    'radio-resumed': true,
    'request-sent': true,
    'request-received': true,
    'awaiting-user': true,
    response: true,
    closed: true,
  }
  const listed = namedBlock('progress-words')
  expect(listed.trim().split(/\s+/)).toEqual(Object.keys(words))
})

test('the README counts the ways to misbehave in tens', () => {
  const catalogues = Object.entries(testing).filter(([name]) => name.endsWith('_MISBEHAVIOURS'))
  const ways = catalogues.flatMap(([, catalogue]) => Object.keys(catalogue))
  expect(README).toContain(`some ${Math.floor(ways.length / 10) * 10} ways to misbehave`)
})

test('every entry point is in the table and in the package', () => {
  const listed = Array.from(
    README.matchAll(/^\| `fido-hybrid(\/[a-z]+(?:\/[a-z.]+|\/\*(?:\.json)?)?)?`  *\|/gm),
    ([, path = '']) => `.${path}`,
  )
  const exported = Object.keys(manifest.exports).filter(path => path !== './package.json')
  expect(listed.toSorted()).toEqual(exported.toSorted())
})
