import { mkdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ERROR_CATALOGUE, HybridAuthenticator } from '../../src/index.js'
import { nodePlatform } from '../../src/node.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const start = useCli()

let service: TunnelServer

beforeEach(async () => {
  vi.stubEnv('NODE_PATH', folder.path)
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', `unix:path=${folder.at('nothing')}`)
  service = await serveTunnel({ port: 0 })
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await service.close()
})

/** Runs before the program, as `node --import` does. */
function preload(text: string): () => void {
  return () => {
    vi.stubEnv('NODE_OPTIONS', `--import data:text/javascript,${encodeURIComponent(text)}`)
  }
}

/** Installs noble and bleno with this text, made out of those with the manners of the real ones. */
function installed(text: string): () => void {
  const packages = fileURLToPath(new URL('../support/native-packages.cjs', import.meta.url))
  return () => {
    for (const name of ['noble', 'bleno']) {
      mkdirSync(folder.at('@stoprocent', name), { recursive: true })
      const made = `const { Noble, Bleno } = require(${JSON.stringify(packages)})
        const Module = ${name === 'noble' ? 'Noble' : 'Bleno'};`
      writeFileSync(folder.at('@stoprocent', name, 'index.js'), made + text)
    }
  }
}

const throwing = (message: string, code: string): string =>
  `throw Object.assign(new Error(${JSON.stringify(message)}), { code: '${code}' })`

/** A module that starts with this state. */
const starting = (state: string): string =>
  `module.exports = new Module(); module.exports.start = function () {
    if (this.isThere) return
    this.isThere = true
    setInterval(() => undefined, 1000)
    setImmediate(() => this.change('${state}'))
  }`

const NO_DBUS_PACKAGE = `
  import { register } from 'node:module'
  register('data:text/javascript,' + encodeURIComponent(\`
    export function resolve(specifier, context, next) {
      if (specifier !== '@jellybrick/dbus-next') return next(specifier, context)
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    }\`))`

type Failure = readonly [
  provoke: () => void,
  radio: 'native' | 'bluez' | 'auto',
  code: string,
  message: RegExp,
]

const FAILURES: Readonly<Record<string, Failure>> = {
  'the package is absent': [
    () => undefined,
    'native',
    'package-missing',
    /^install @stoprocent\/(noble|bleno) or @abandonware\/\1 for/,
  ],
  'the package is built for another Node': [
    installed(throwing('was compiled against a different Node.js version', 'ERR_DLOPEN_FAILED')),
    'native',
    'package-missing',
    /built for another Node than v.*npm rebuild/,
  ],
  'the D-Bus package is absent': [
    preload(NO_DBUS_PACKAGE),
    'bluez',
    'package-missing',
    /needs the package @jellybrick\/dbus-next/,
  ],
  'the module knows no such system': [
    installed(throwing('Unsupported platform', '')),
    'native',
    'capability-missing',
    /does not know/,
  ],
  'there is no adapter': [
    installed(starting('unsupported')),
    'native',
    'bluetooth-unavailable',
    /finds no adapter/,
  ],
  'the adapter is off': [installed(starting('poweredOff')), 'native', 'bluetooth-off', /adapter is off/],
  'there is no permission': [
    installed(throwing('Operation not permitted', 'EPERM')),
    'native',
    'bluetooth-unauthorised',
    /may not use the adapter/,
  ],
  'there is no bus': [() => undefined, 'bluez', 'bluetooth-unavailable', /no system bus/],
}

const cures = Object.fromEntries(
  Object.entries({ ...ERROR_CATALOGUE.proximity, ...ERROR_CATALOGUE.unsupported }).map(([code, [, cure]]) => [
    code,
    cure,
  ]),
)

function startClient(radio: string): CliProcess {
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  return start('client', 'register', ...request, '--scan', radio)
}

function startPhone(radio: string): CliProcess {
  const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
  return start('phone', 'scan', someQrUrl(), ...store, '--advertise', radio, '--tunnel-url', service.url)
}

describe.each(Object.entries(FAILURES))('%s', (_what, [provoke, radio, code, message]) => {
  async function expectCode(child: CliProcess): Promise<void> {
    const error = await expectFailure(child)
    expect(error).toMatchObject({ code, fault: 'environment', cure: cures[code] })
    expect(error['message']).toMatch(message)
  }

  test('the laptop says so before it shows a QR code, and ends', async () => {
    provoke()
    const client = startClient(radio === 'native' ? 'noble' : radio)
    await expectCode(client)
    expect((await client.end).events.map(({ event }) => event)).not.toContain('qr')
  })

  test('the phone says so and ends', async () => {
    provoke()
    await expectCode(startPhone(radio === 'native' ? 'bleno' : radio))
  })
})

test('without any radio the error is that of the system’s own', async () => {
  expect(await expectFailure(startClient('auto'))).toMatchObject({ code: 'bluetooth-unavailable' })
  expect(await expectFailure(startPhone('auto'))).toMatchObject({ code: 'bluetooth-unavailable' })
})

describe.each(['darwin', 'win32'] as const)('on %s', platform => {
  test('the phone role is refused when it is made', () => {
    const handler = { getInfo: () => new Uint8Array(), handle: () => Promise.resolve(undefined) }
    const parts = { ...nodePlatform({ platform }), handler }
    expect(() => new HybridAuthenticator(parts)).toThrow(
      expect.objectContaining({
        code: 'capability-missing',
        message: expect.stringContaining(platform) as string,
      }),
    )
  })

  test('the command says so and ends', async () => {
    preload(`Object.defineProperty(process, 'platform', { value: '${platform}' })`)()
    const error = await expectFailure(startPhone('auto'))
    expect(error).toMatchObject({ code: 'capability-missing', cure: cures['capability-missing'] })
  })
})
