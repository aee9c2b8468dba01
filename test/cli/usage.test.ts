import { writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { openFileLinkStore } from '../../src/adapters/stores/file-link-store.js'
import { CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { sampleLink } from '../support/link-samples.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const AIR = 'air:ws://127.0.0.1:9/air'
const folder = useFolderPerTest()
beforeEach(async () => {
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
  await writeFile(folder.at('text'), 'neither JSON nor PEM nor PNG')
  const links = await openFileLinkStore(folder.at('links.json'))
  for (const seed of [1, 2]) await links.put(sampleLink(seed))
})

/** `@name` stands for a file of the folder. */
function at(args: string): readonly string[] {
  return args.split(' ').map(arg => (arg.startsWith('@') ? folder.at(arg.slice(1)) : arg))
}

const REGISTER = `client register --options @options.json --origin https://login.example.com --scan ${AIR}`
const SCAN = `phone scan FIDO:/1 --consent always --advertise stdout --store @passkeys.json`

describe('bad usage is exit code 2 with an error event and the usage on stderr', () => {
  test.each([
    ['nonsense', 'unknown command'],
    ['client', 'a command is missing'],
    ['client nonsense', 'unknown command'],
    ['client register', '--options'],
    ['client register --options @options.json', '--origin'],
    ['client register --option x', "'--options <file>' not specified; there is no option '--option'"],
    ['client register --options - --orgin https://a.example', "not specified; there is no option '--orgin'"],
    ['tunnel serve --drain 5 --prot 1', "'--port <number>' not specified; there is no option '--prot'"],
    ['tunnel serve 4433', "'--port <number>' not specified"],
    [`${REGISTER} --nonsense`, 'unknown option'],
    [`${REGISTER} more`, 'too many arguments'],
    [`${REGISTER} --timeout 0`, '--timeout'],
    [`${REGISTER} --timeout -1`, '--timeout'],
    [`${REGISTER} --timeout soon`, '--timeout'],
    [`${REGISTER} --timeout Infinity`, '--timeout'],
    [`${REGISTER} --tunnel-url nonsense`, 'must be a URL'],
    [`${REGISTER} --tunnel-url wss://a.example/?b`, 'query'],
    [`${REGISTER} --tls-insecure`, 'loopback'],
    [`${REGISTER} --tls-insecure --tunnel-url wss://a.example`, 'loopback'],
    [`${REGISTER} --tls-ca @missing`, '--tls-ca'],
    [`${REGISTER} --tls-ca @text`, 'no certificate'],
    [`${REGISTER} --scan nonsense`, '--scan'],
    ['client register --options - --origin https://a.example --scan stdin', 'both read stdin'],
    [`client register --options @missing --origin https://a.example --scan ${AIR}`, 'cannot read'],
    [`${REGISTER} --link --remember --store @links.json`, '--remember'],
    ['client links nonsense --store @links.json', 'too many arguments'],
    ['client links forget --store @links.json', 'name'],
    ['phone scan --consent always --advertise stdout', 'missing'],
    [`${SCAN} --link --profile ios`, 'never links'],
    [`${SCAN} --algorithms ES256,ML-DSA-45`, '--algorithms takes ES256'],
    [`${SCAN} --algorithms ES256,`, '--algorithms takes ES256'],
    ['phone serve --store @passkeys.json --consent always --advertise stdout --profile ios', 'never links'],
    ['phone serve --advertise stdout', 'needs a terminal'],
    ['phone serve --consent always --advertise nonsense', '--advertise'],
    ['phone unlink --store @passkeys.json', '--all'],
    ['phone unlink AAAA --all --store @passkeys.json', '--all'],
    ['phone unlink --nonsense --store @passkeys.json', '--nonsense'],
    [`${SCAN} --image @text`, 'not both'],
    ['phone scan --image @text --consent always --advertise stdout', 'PNG'],
    ['phone scan --image @missing --consent always --advertise stdout', 'cannot read'],
    ['phone scan FIDO:/1 --advertise stdout', 'needs a terminal'],
    [`${SCAN} --consent maybe`, '--consent'],
    [`${SCAN} --consent account:`, '--consent'],
    [`${SCAN} --advertise bluez:eth0`, '--advertise'],
    [`${SCAN} --advertise nonsense`, '--advertise'],
    [`${SCAN} --tunnel-service nonsense`, '--tunnel-service'],
    ['tunnel serve', '--port'],
    ['tunnel serve --port 65536', '--port'],
    ['tunnel serve --port 0 --tls-cert @text', 'go together'],
    [
      'tunnel serve --port 0 --tls-cert @text --tls-key @text',
      'do not hold a certificate and its private key',
    ],
    ['lab --air-port x', '--air-port'],
    ['phone show', 'id'],
    ['phone show --nonsense --store @passkeys.json', '--nonsense'],
    ['inspect FIDO:/1 --qr FIDO:/1', '--qr'],
    ['completion', 'shell'],
    ['completion tcsh', 'Allowed choices are bash, zsh, fish'],
    ['doctor --scan stdin', '--scan stdin'],
    ['doctor --for everything', 'Allowed choices are roles, page-tests'],
    ['doctor --scan nonsense', '--scan'],
    ['doctor --advertise stdout', '--advertise stdout'],
    [`doctor --scan ${AIR} --advertise nonsense`, '--advertise'],
    ['doctor --timeout soon', '--timeout'],
  ])('%s', async (args, words) => {
    const run = await runHere([...at(args), '--json'])
    expect(run.code).toBe(2)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'argument-invalid', fault: 'local' }])
    expect(String(eventsOf(run)[0]?.['message'])).toContain(words)
    expect(run.stderr).toContain('Usage: fido-hybrid')
  })

  test.each([
    [`${REGISTER} --tunnel-url http://127.0.0.1:1`, 'tunnel-insecure'],
    [`${REGISTER} --tunnel-url ws://a.example`, 'tunnel-insecure'],
    ['tunnel serve --port 0 --host 0.0.0.0', 'tunnel-insecure'],
    [`${REGISTER} --scan air:ws://a.example/air`, 'air-not-loopback'],
    [`${SCAN} --tunnel-service 2`, 'tunnel-service-unassigned'],
  ])('%s', async (args, code) => {
    const run = await runHere([...at(args), '--json'])
    expect(run.code).toBe(2)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code }])
  })
})

describe('what the command line can be followed with, but not to the end, is exit code 1', () => {
  test.each([
    [SCAN, 'qr-url-malformed', 'peer'],
    [`client register --options @text --origin https://a.example --scan ${AIR}`, 'options-invalid', 'local'],
  ])('%s', async (args, code, fault) => {
    const run = await runHere([...at(args), '--json'])
    expect(run.code).toBe(1)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code, fault }])
    expect(await folder.names()).toEqual(['links.json', 'options.json', 'text'])
  })

  test.each([
    [true, /^Type or paste here the options, JSON, and end them with Ctrl-D\.$/m],
    [false, /^error: --options is not JSON/],
  ])('a terminal (%s) is told that options are waited for', async (isTTY, told) => {
    const stdin = Object.assign(new PassThrough().end('nonsense'), { isTTY })
    const request = ['--options', '-', '--origin', 'https://a.example', '--scan', AIR]
    const { code, stderr } = await runHere(['client', 'register', ...request], { stdin })
    expect(code).toBe(1)
    expect(stderr).toMatch(told)
  })

  test.each([
    ['null', 'https://login.example.com', 'options-invalid', 'TypeError'],
    ['{}', 'https://login.example.com', 'options-invalid', 'TypeError'],
    [undefined, 'nonsense', 'origin-invalid', 'SecurityError'],
    [undefined, 'https://other.example', 'rp-id-mismatch', 'SecurityError'],
  ])('options %s from %s', async (options = JSON.stringify(CREATION_OPTIONS), origin, code, name) => {
    await writeFile(folder.at('options.json'), options)
    const request = ['--options', folder.at('options.json'), '--origin', origin]
    const run = await runHere(['client', 'register', ...request, '--scan', AIR, '--json'])
    expect(run.code).toBe(1)
    const [event, ...others] = eventsOf(run)
    expect([event?.['code'], event?.['name'], others]).toEqual([code, name, []])
  })
})

describe('what no store holds is one error code, and exit code 1', () => {
  test.each([
    [`${REGISTER} --link --store @none.json`, 'no phone is remembered'],
    [
      `${REGISTER} --link Bob --store @links.json`,
      'no remembered phone is called Bob; the names are "phone 1", "phone 2"',
    ],
    ['client links forget Bobs --store @links.json', 'no remembered phone is called Bobs'],
    ['phone show zzzz --store @passkeys.json', 'no passkey has the ID zzzz'],
    ['phone delete zzzz --yes --store @passkeys.json', 'no passkey has the ID zzzz'],
    ['phone accept zzzz --store @passkeys.json', 'no passkey has the ID zzzz'],
    ['phone rename zzzz Ada --store @passkeys.json', 'no passkey has the ID zzzz'],
    ['phone unlink zzzz --store @passkeys.json', 'no link has the ID zzzz'],
  ])('%s', async (args, words) => {
    const run = await runHere([...at(args), '--json'])
    expect([run.code, eventsOf(run)]).toMatchObject([1, [{ event: 'error', code: 'store-entry-missing' }]])
    expect(String(eventsOf(run)[0]?.['message'])).toContain(words)
  })

  test.each([
    [`${REGISTER} --link phone --store @links.json`, 'the name fits several remembered phones'],
    [`${REGISTER} --link --store @links.json`, 'give that of one: "phone 1", "phone 2"'],
    ['client links forget phone --store @links.json', 'give that of one: "phone 1", "phone 2"'],
  ])('%s: several fit', async (args, words) => {
    const run = await runHere([...at(args), '--json'])
    expect([run.code, eventsOf(run)]).toMatchObject([1, [{ event: 'error', code: 'argument-invalid' }]])
    expect(String(eventsOf(run)[0]?.['message'])).toContain(words)
  })
})

test('a name that does not fit is bad usage', async () => {
  const scan = ['phone', 'scan', someQrUrl(), '--consent', 'always', '--advertise', 'stdout', '--link']
  const store = ['--store', folder.at('passkeys.json'), '--name', 'x'.repeat(129)]
  const run = await runHere([...scan, ...store, '--json'])
  expect(run.code).toBe(2)
  expect(eventsOf(run)).toMatchObject([{ code: 'argument-invalid' }])
  expect(String(eventsOf(run)[0]?.['message'])).toContain('128 bytes')
})

test('too much is not read', async () => {
  await writeFile(folder.at('large'), Buffer.alloc(1024 * 1024 + 1, ' '))
  const run = await runHere([...at(REGISTER.replace('@options.json', '@large')), '--json'])
  expect(run.code).toBe(2)
  expect(run.stdout).toContain('holds more than 1048576 bytes')
})

test('for people an error is words with cause and cure, and nothing is on stdout', async () => {
  const run = await runHere([
    'phone',
    'scan',
    `${someQrUrl()}0`,
    '--consent',
    'always',
    '--advertise',
    'stdout',
  ])
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toMatch(/^error: .+ \(qr-url-malformed\)\n {2}cure: {2}Scan the code again/)
})
