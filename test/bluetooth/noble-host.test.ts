import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { blenoAdvertiser } from '../../src/adapters/bleno/bleno.js'
import { nobleScanner } from '../../src/adapters/noble/noble.js'
import type { NobleScannerOptions } from '../../src/adapters/noble/noble.js'
import type { HybridError } from '../../src/errors.js'
import type { BleScan } from '../../src/ports/ble.js'
import { airProbe } from '../support/air-probe.js'
import { Program } from '../support/program.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { thrownBy } from '../support/thrown.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = createRequire(import.meta.url).resolve('../support/native-packages.cjs')
const PRELUDE = `const { Noble, Bleno, log } = require(${JSON.stringify(PACKAGES)});`
const FAMILY = '@abandonware'
const ADVERT = Uint8Array.from({ length: 20 }, (_, index) => index)
/** What Node says when an addon is for another one, shortened. */
const OTHER_NODE =
  "The module 'binding.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 93."

const folder = useFolderPerTest()

beforeEach(() => {
  vi.stubEnv('NODE_PATH', folder.path)
  vi.stubEnv('NATIVE_LOG', folder.at('log'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** Installs a package whose main file is the text given, with `Noble`, `Bleno` and `log` to make use of. */
function install(name: string, text: string): void {
  mkdirSync(folder.at(name), { recursive: true })
  writeFileSync(folder.at(name, 'index.js'), PRELUDE + text)
}

function logged(): readonly string[] {
  return readFileSync(folder.at('log'), 'utf8').trim().split('\n')
}

function scanFailure(options?: NobleScannerOptions, probe = airProbe()): Promise<HybridError> {
  return failureOf(failed => nobleScanner(options).scan({ ...probe, failed }))
}

function advertiseFailure(): Promise<HybridError> {
  return failureOf(failed => blenoAdvertiser().advertise(ADVERT, { ...airProbe(), failed }))
}

/** How it fails, once its process has ended, too. */
async function failureOf(
  start: (failed: (error: HybridError) => void) => Pick<BleScan, 'stop'>,
): Promise<HybridError> {
  let running: Pick<BleScan, 'stop'> | undefined
  const error = await new Promise<HybridError>(failed => (running = start(failed)))
  await running?.stop()
  return error
}

describe('noble in a process of its own', () => {
  it('scans, passes on what says something, and ends with the scan', async () => {
    install('@abandonware/noble', 'module.exports = new Noble()')
    const probe = airProbe()
    const scan = nobleScanner().scan(probe)
    expect([await probe.next(), await probe.next()]).toEqual(['started', 'fff9 0102'])
    await scan.stop()
    expect(logged()).toEqual(['startScanning [] true', 'stopScanning', 'exit'])
  })

  it('is that of the family asked for', async () => {
    install('@abandonware/noble', 'throw new Error("not this one")')
    install('@stoprocent/noble', 'module.exports = new Noble()')
    const probe = airProbe()
    const scan = nobleScanner({ family: '@stoprocent' }).scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
  })

  it('is the first that can be loaded', async () => {
    install('@stoprocent/noble', 'throw new Error("not built")')
    install('@abandonware/noble', 'module.exports = new Noble()')
    const probe = airProbe()
    const scan = nobleScanner({ platform: 'linux' }).scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
  })

  it.each(['linux', 'darwin', 'win32'] as const)('is @stoprocent’s first, on %s', async platform => {
    install('@abandonware/noble', 'throw new Error("not this one")')
    install('@stoprocent/noble', 'log("stoprocent"); module.exports = new Noble()')
    const probe = airProbe()
    const scan = nobleScanner({ platform }).scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
    expect(logged()[0]).toBe('stoprocent')
  })

  it('counts adverts without service data while there are no others', async () => {
    install('@stoprocent/noble', 'module.exports = new Noble()')
    const probe = airProbe()
    const scan = nobleScanner().scan(probe)
    expect([await probe.next(), await probe.next()]).toEqual(['started', 'fff9 0102'])
    expect(scan.tally?.()).toEqual({ adverts: 2, withServiceData: 1 })
    await scan.stop()
  })

  it('is looked for first where the program says', async () => {
    install('@abandonware/noble', 'throw new Error("not this one")')
    install('app/node_modules/@abandonware/noble', 'module.exports = new Noble()')
    const probe = airProbe()
    const scan = nobleScanner({ packagesFrom: folder.at('app/main.js') }).scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
  })

  it.each([
    ['beside the program', (app: string) => ({ main: `${app}/main.js`, cwd: '/' })],
    ['in the working folder', (app: string) => ({ main: '/main.js', cwd: app })],
  ])('is found %s, where a bundle knows no place of its own', async (_, placed) => {
    install('app/node_modules/@stoprocent/noble', 'module.exports = new Noble()')
    const { main, cwd } = placed(folder.at('app'))
    vi.spyOn(process, 'cwd').mockReturnValue(cwd)
    const { argv } = process
    process.argv = [process.execPath, main]
    onTestFinished(() => {
      process.argv = argv
    })
    const probe = airProbe()
    const scan = nobleScanner({ family: '@stoprocent' }).scan(probe)
    expect(await probe.next()).toBe('started')
    await scan.stop()
  })

  it('may take its process down in the middle', async () => {
    install(
      '@abandonware/noble',
      `module.exports = new Noble()
       module.exports.on('discover', () => { process.stderr.write('a core dump'); process.abort() })`,
    )
    const probe = airProbe()
    const error = await scanFailure({}, probe)
    expect(error.code).toBe('bluetooth-lost')
    expect(error.cause).toMatchObject({ message: expect.stringContaining('a core dump') as string })
    expect(probe.seen[0]).toBe('started')
  })

  it('may throw out of nowhere', async () => {
    install(
      '@abandonware/noble',
      `module.exports = new Noble()
       module.exports.on('discover', () => { throw new Error('cannot read properties of undefined') })`,
    )
    expect(await scanFailure()).toMatchObject({
      code: 'bluetooth-lost',
      cause: { message: 'cannot read properties of undefined' },
    })
  })

  it('is killed when it does not end by itself', async () => {
    install(
      '@abandonware/noble',
      `module.exports = new Noble()
       process.on('exit', () => { log('stuck'); for (;;); })`,
    )
    const probe = airProbe()
    const scan = nobleScanner().scan(probe)
    await probe.next()
    await scan.stop()
    expect(logged().at(-1)).toBe('stuck')
  })
})

describe('bleno in a process of its own', () => {
  it('gets its bytes as a Buffer, and ends with the advert', async () => {
    install('@stoprocent/bleno', 'module.exports = new Bleno()')
    const probe = airProbe()
    const advert = blenoAdvertiser().advertise(ADVERT, probe)
    expect(await probe.next()).toBe('started')
    await advert.stop()
    const hex = `0201060303f9ff1716f9ff${Buffer.from(ADVERT).toString('hex')}`
    expect(logged()).toEqual([`advertise ${hex} 0`, 'stopAdvertising', 'exit'])
  })

  it('drops every peer that connects', async () => {
    install(
      '@stoprocent/bleno',
      `const bleno = module.exports = new Bleno()
       const { startAdvertisingWithEIRData, disconnect } = bleno
       bleno.startAdvertisingWithEIRData = (...args) => {
         startAdvertisingWithEIRData(...args)
         bleno.emit('accept', 'c0:ff:ee:00:00:01')
       }
       bleno.disconnect = handle => { disconnect(handle); bleno.change('unsupported') }`,
    )
    expect(await advertiseFailure()).toMatchObject({ code: 'bluetooth-lost' })
    expect(logged()).toContain('disconnect undefined')
  })

  it('says what it finds while it starts, before it lets anybody listen', async () => {
    install(
      '@abandonware/bleno',
      `module.exports = new Bleno()
       module.exports.start = function () { this.change('unsupported'); this.change('poweredOff') }`,
    )
    expect(await advertiseFailure()).toMatchObject({ code: 'bluetooth-unavailable' })
  })
})

describe('a package', () => {
  it('is not installed', async () => {
    expect(await scanFailure()).toMatchObject({
      code: 'package-missing',
      message: 'install @stoprocent/noble or @abandonware/noble for scanning',
    })
    expect(await scanFailure({ family: '@stoprocent' })).toMatchObject({
      message: 'install @stoprocent/noble for scanning',
    })
    expect(await advertiseFailure()).toMatchObject({
      code: 'package-missing',
      message: 'install @stoprocent/bleno or @abandonware/bleno for advertising',
    })
  })

  const unfit = {
    code: 'package-unfit',
    message: '@abandonware/noble hands on no service data on Windows: install @stoprocent/noble',
    cure: 'Install what the message names.',
  }

  it('is refused where it hands on no service data: @abandonware/noble on Windows', async () => {
    install('@abandonware/noble', 'log("loaded"); module.exports = new Noble()')
    expect(await scanFailure({ platform: 'win32' })).toMatchObject(unfit)
    expect(thrownBy(() => nobleScanner({ platform: 'win32', family: '@abandonware' }))).toMatchObject(unfit)
    expect(existsSync(folder.at('log'))).toBe(false)
    // That of the other family is there, too, and does not work: the error is its own.
    install('@stoprocent/noble', 'throw new Error("not built")')
    expect(await scanFailure({ platform: 'win32' })).toMatchObject({
      code: 'package-missing',
      cause: { message: 'not built' },
    })
  })

  it('is refused on Windows only, and only as noble', async () => {
    install('@abandonware/noble', 'module.exports = new Noble()')
    install('@abandonware/bleno', 'module.exports = new Bleno()')
    for (const platform of ['linux', 'darwin'] as const) {
      const probe = airProbe()
      const scan = nobleScanner({ platform, family: '@abandonware' }).scan(probe)
      expect(await probe.next()).toBe('started')
      await scan.stop()
    }
    const probe = airProbe()
    const advert = blenoAdvertiser({ platform: 'win32' }).advertise(ADVERT, probe)
    expect(await probe.next()).toBe('started')
    await advert.stop()
  })

  it('that fits is named on Windows when no package is installed', async () => {
    expect(await scanFailure({ platform: 'win32' })).toMatchObject({
      code: 'package-missing',
      message: 'install @stoprocent/noble for scanning',
    })
  })

  const when = {
    'when it is loaded': (text: string) => text,
    'when it is started': (text: string) =>
      `module.exports = new Noble(); module.exports.start = () => { ${text} }`,
  }

  it.each([
    [
      'for another Node',
      `throw Object.assign(new Error(${JSON.stringify(OTHER_NODE)}), { code: 'ERR_DLOPEN_FAILED' })`,
      'package-missing',
      /built for another Node .*npm rebuild$/,
    ],
    [
      'not built',
      `require('../build/Release/binding.node')`,
      'package-missing',
      /without its native part: run npm rebuild/,
    ],
    [
      'not built, says node-gyp-build',
      `throw new Error('No native build was found for platform=linux arch=x64')`,
      'package-missing',
      /without its native part/,
    ],
    [
      'for other systems',
      `throw new Error('Unsupported platform')`,
      'capability-missing',
      /does not know linux$|does not know/,
    ],
  ])('is %s', async (_what, text, code, message) => {
    for (const program of Object.values(when)) {
      install('@abandonware/noble', program(text))
      const error = await scanFailure()
      expect([error.code, error.cause instanceof Error]).toEqual([code, true])
      expect(error.message).toMatch(message)
    }
  })

  it('is broken', async () => {
    install('@abandonware/noble', 'throw "a string"')
    expect(await scanFailure()).toMatchObject({ code: 'package-missing', cause: { message: 'a string' } })
  })

  it.each([
    ['ENODEV', 'no such device', 'bluetooth-unavailable'],
    ['EAFNOSUPPORT', 'Address family not supported by protocol', 'bluetooth-unavailable'],
    ['EPERM', 'Operation not permitted', 'bluetooth-unauthorised'],
  ])('finds no radio that it may use: %s', async (code, message, expected) => {
    const text = `throw Object.assign(new Error(${JSON.stringify(message)}), { code: '${code}' })`
    install('@abandonware/noble', when['when it is started'](text))
    install('@abandonware/bleno', `module.exports = new Bleno(); module.exports.start = () => { ${text} }`)
    for (const error of [await scanFailure(), await advertiseFailure()])
      expect(error).toMatchObject({ code: expected, cause: { code, message } })
  })

  it('takes its process down before it says anything', async () => {
    install('@abandonware/noble', 'process.stderr.write("out of luck"); process.exit(3)')
    const error = await scanFailure()
    expect(error.code).toBe('bluetooth-unavailable')
    expect(error.cause).toMatchObject({ message: 'the process ended with 3: out of luck' })
  })
})

describe('a process that uses noble or bleno', () => {
  beforeEach(() => {
    install('@abandonware/noble', 'module.exports = new Noble()')
    install('@abandonware/bleno', 'module.exports = new Bleno()')
  })

  it.each([
    ['scan', [], 'started\n0102\nstopped\n'],
    ['advertise', ['000102'], 'started\nstopped\n'],
  ] as const)('ends by itself after %s, and its stdout is its own', async (role, args, stdout) => {
    const user = new Program('test/support/native-user.ts', { args: [FAMILY, role, ...args] })
    await user.until(text => text === stdout.replace('stopped\n', ''))
    user.type('stop\n')
    expect(await user.ending()).toEqual({ code: 0, signal: null, stdout, stderr: '' })
    expect(logged().at(-1)).toBe('exit')
  })

  it('ends by itself after a failure', async () => {
    install('@abandonware/noble', 'throw new Error("broken")')
    const user = new Program('test/support/native-user.ts', { args: [FAMILY, 'scan'] })
    await user.until(text => text === 'failed package-missing\n')
    user.type('stop\n')
    expect(await user.ending()).toMatchObject({ code: 0, stderr: '' })
  })

  it('decides itself what an interrupt from the terminal means', async () => {
    const user = startInGroup('scan')
    await once(user.stdout, 'data')
    process.kill(-(user.pid ?? 0), 'SIGINT')
    expect(await once(user, 'exit')).toEqual([0, null])
    expect(logged()).toEqual(['startScanning [] true', 'stopScanning', 'exit'])
  })

  it('leaves no process behind when it is killed', async () => {
    const user = startInGroup('scan')
    await once(user.stdout, 'data')
    user.kill('SIGKILL')
    await expect.poll(logged).toEqual(['startScanning [] true', 'exit'])
  })
})

/** As a shell starts a program: in a process group of its own. */
function startInGroup(role: string) {
  return spawn(process.execPath, ['--import', 'tsx', 'test/support/native-user.ts', FAMILY, role], {
    cwd: ROOT,
    detached: true,
  })
}
