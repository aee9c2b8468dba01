import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readQrPicture } from '../../src/adapters/qr-picture/qr-picture.js'
import { qrcodePainter } from '../../src/adapters/qrcode/qrcode.js'
import { Interruption } from '../../src/cli/interruption.js'
import { qrScreen } from '../../src/cli/text/qr-screen.js'
import { CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun, RunOptions } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { codeRowsOn, readFromScreen, TestTerminal } from '../support/test-terminal.js'

const folder = useFolderPerTest()
beforeEach(() => writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS)))

/** A laptop that waits for a phone, until it is told to stop. */
class WaitingLaptop {
  readonly #stop = new AbortController()
  readonly #run: Promise<CliRun>

  constructor(own: readonly string[], options: RunOptions = {}) {
    const ceremony = ['client', 'register', '--options', folder.at('options.json')]
    const request = [
      '--origin',
      'https://login.example.com',
      '--tunnel-url',
      'ws://127.0.0.1:9',
      '--scan',
      'stdin',
    ]
    const around = { stdin: new PassThrough(), signal: this.#stop.signal, env: { NO_COLOR: '1' }, ...options }
    this.#run = runHere([...ceremony, ...request, ...own], around)
  }

  interrupt(): Promise<CliRun> {
    this.#stop.abort(new Interruption('SIGINT'))
    return this.#run
  }
}

describe('the layout', () => {
  const url = someQrUrl()
  const drawing = qrcodePainter.toTerminal(url)
  const layout = (columns: number, rows: number, freeRows = 1): readonly string[] | undefined =>
    qrScreen({ drawing, url, freeRows, paint: line => line }, { columns, rows })
  const sizeOf = (columns: number, rows: number): readonly unknown[] => {
    const lines = layout(columns, rows)
    return [codeRowsOn(lines ?? []).length, codeRowsOn(lines ?? [])[0]?.length, lines?.at(-1) === url]
  }

  test.each([
    // Rows and columns of the code, and whether it is there as text.
    [80, 24, [21, 41, true]],
    [80, 23, [19, 37, true]],
    [80, 22, [19, 37, true]],
    [80, 21, [19, 37, false]],
    [80, 20, [19, 37, false]],
    [80, 19, [0, undefined, false]],
    [60, 20, [19, 37, false]],
    [41, 24, [21, 41, false]],
    [40, 24, [19, 37, false]],
    [37, 24, [19, 37, false]],
    [36, 24, [0, undefined, false]],
    [40, 15, [0, undefined, false]],
    [200, 50, [21, 41, true]],
  ])('of %i x %i', (columns, rows, expected) => {
    expect(sizeOf(columns, rows)).toEqual(expected)
  })

  test('never takes more rows than there are', () => {
    for (let columns = 20; columns <= 120; columns++)
      for (let rows = 10; rows <= 40; rows++) {
        const lines = layout(columns, rows) ?? []
        const taken = lines.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / columns)), 0)
        expect(taken + 1).toBeLessThanOrEqual(lines.length === 0 ? 1 : rows)
      }
  })

  test('of a code of the next size, in a usual terminal', () => {
    const longer = `${url}${'0'.repeat(40)}`
    const size = { columns: 80, rows: 24 }
    const lines = qrScreen(
      { drawing: qrcodePainter.toTerminal(longer), url: longer, freeRows: 1, paint: line => line },
      size,
    )
    expect(readFromScreen(lines ?? [])).toEqual([longer])
  })
})

describe('on a terminal the code is whole while the laptop waits', () => {
  test.each([
    [80, 24, true],
    [80, 25, true],
    [60, 20, false],
    [200, 50, true],
    [40, 24, false],
  ])('of %i x %i', async (columns, rows, hasText) => {
    const screen = new TestTerminal(columns, rows)
    const laptop = new WaitingLaptop([], { screen })
    const seen = await screen.until(text => text.includes('listening for the phone'))
    const [url = ''] = readFromScreen(seen)
    expect(url).toMatch(/^FIDO:\/\d+$/)
    expect(seen.join('').includes(url)).toBe(hasText)
    expect(seen.join(' ').replaceAll(/[ █▀▄]+/g, ' ')).toMatch(/Scan .*this .*code .*with .*the .*phone/)
    await laptop.interrupt()
  })

  test('and with events of JSON on it, which say the text', async () => {
    const screen = new TestTerminal(80, 24)
    const laptop = new WaitingLaptop(['--json'], { screen, resultsOnScreen: true })
    const seen = await screen.until(text => text.includes('listening for the phone'))
    expect(readFromScreen(seen)).toEqual([expect.stringMatching(/^FIDO:\/\d+$/)])
    expect(seen.join('\n')).toContain('{"event":"scanning"')
    await laptop.interrupt()
  })

  test.each([
    [100, 30],
    [60, 20],
  ])('after it became %i x %i', async (columns, rows) => {
    const screen = new TestTerminal(80, 24)
    const laptop = new WaitingLaptop([], { screen })
    const [url] = readFromScreen(await screen.until(text => text.includes('listening for the phone')))
    screen.resize(columns, rows)
    const seen = await screen.screen()
    expect(readFromScreen(seen)).toEqual([url])
    expect(seen.join('\n')).toContain('listening for the phone')
    await laptop.interrupt()
  })

  test('and what is told later goes on below it', async () => {
    const screen = new TestTerminal(80, 24)
    const laptop = new WaitingLaptop([], { screen })
    await screen.until(text => text.includes('listening for the phone'))
    await laptop.interrupt()
    const seen = (await screen.screen()).join('\n')
    expect(seen).toMatch(/listening for the phone.*\n.*closed.*\nerror: ended by Ctrl-C \(aborted\)\n/)
  })
})

describe('colours', () => {
  test.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ])('with %o: %s', async (env, colored) => {
    const screen = new TestTerminal(80, 24)
    const written: string[] = []
    const write = screen.write.bind(screen)
    screen.write = ((chunk: string) => {
      written.push(chunk)
      return write(chunk)
    }) as typeof screen.write
    const laptop = new WaitingLaptop([], { screen, env })
    await screen.until(text => text.includes('listening for the phone'))
    await laptop.interrupt()
    expect(/\u001B\[\d*m/.test(written.join(''))).toBe(colored)
  })
})

describe('where the code has no room', () => {
  test.each([
    [40, 15],
    [36, 40],
    [80, 19],
  ])('a terminal of %i x %i says so, and links a picture that goes away', async (columns, rows) => {
    const screen = new TestTerminal(columns, rows)
    const laptop = new WaitingLaptop([], { screen })
    const seen = await screen.until(text => text.replaceAll('\n', '').includes('.png'))
    const link = /file:\/\/\S+\.png/.exec(seen.join(''))?.[0] ?? ''
    expect(seen.join('\n')).toContain('too small')
    expect(statSync(fileURLToPath(link)).mode & 0o777).toBe(0o600)
    expect((await readQrPicture(readFileSync(fileURLToPath(link)))).text).toMatch(/^FIDO:/)
    await laptop.interrupt()
    expect(existsSync(new URL('.', link))).toBe(false)
  })

  test('a picture that cannot be written is told, and the ceremony goes on', async () => {
    vi.stubEnv('TMPDIR', folder.at('nowhere'))
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const screen = new TestTerminal(40, 15)
    const laptop = new WaitingLaptop([], { screen })
    await screen.until(text => text.includes('ENOENT'))
    screen.resize(80, 24)
    expect(readFromScreen(await screen.screen())).toEqual([expect.stringMatching(/^FIDO:/)])
    await laptop.interrupt()
  })

  test('a terminal that becomes large enough shows it', async () => {
    const screen = new TestTerminal(40, 15)
    const laptop = new WaitingLaptop([], { screen })
    await screen.until(text => text.replaceAll('\n', '').includes('.png'))
    screen.resize(80, 24)
    expect(readFromScreen(await screen.screen())).toHaveLength(1)
    await laptop.interrupt()
  })

  test('an output that is not a terminal links a picture that is removed later', async () => {
    const log = new PassThrough()
    const laptop = new WaitingLaptop([], { screen: log })
    let stderr = ''
    for await (const chunk of log) {
      stderr += String(chunk)
      if (stderr.includes('FIDO:/')) break
    }
    await laptop.interrupt()
    const link = /^file:\/\/\S+\.png$/m.exec(stderr)?.[0] ?? ''
    expect(link).not.toBe('')
    expect(stderr).not.toMatch(/[█▀▄]/)
    expect(stderr).toMatch(/^FIDO:\/\d+$/m)
    expect(existsSync(new URL('.', link))).toBe(false)
  })

  test('programs that read events get no picture unless they ask', async () => {
    const laptop = new WaitingLaptop(['--json'])
    const { stderr } = await laptop.interrupt()
    expect(stderr).not.toContain('file://')
  })
})

describe('--qr-image', () => {
  test.each(['qr.png', 'qr.svg', 'QR.PNG'])('draws into %s, and removes it at the end', async name => {
    const path = folder.at(name)
    let read = ''
    const laptop = new WaitingLaptop(['--qr-image', path, '--json'], {
      onStdout: text => {
        if (text.includes('"qr-image"') && read === '') read = readFileSync(path, 'latin1')
      },
    })
    while (read === '') await new Promise(resolve => setImmediate(resolve))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await folder.names()).toEqual(expect.arrayContaining([name]))
    if (name.endsWith('.svg')) expect(read).toMatch(/^<svg/)
    else expect((await readQrPicture(Buffer.from(read, 'latin1'))).text).toMatch(/^FIDO:/)
    const run = await laptop.interrupt()
    expect(run.code).toBe(130)
    expect(eventsOf(run).slice(0, 2)).toMatchObject([{ event: 'qr' }, { event: 'qr-shown' }])
    expect(eventsOf(run)).toContainEqual({ event: 'qr-image', path })
    expect(await folder.names()).toEqual(['options.json'])
  })

  test.each([
    ['qr.jpg', 'takes a .png or .svg file'],
    ['qr', 'takes a .png or .svg file'],
    ['nowhere/qr.png', 'does not exist'],
    ['folder.png', 'exists already'],
    ['kept.png', 'exists already'],
  ])('of %s is bad usage, and leaves what is there', async (name, words) => {
    await mkdir(folder.at('folder.png'))
    await writeFile(folder.at('kept.png'), 'kept')
    const run = await new WaitingLaptop(['--qr-image', folder.at(name), '--json']).interrupt()
    expect([run.code, eventsOf(run)]).toMatchObject([2, [{ code: 'argument-invalid' }]])
    expect(run.stdout).toContain(words)
    expect(readFileSync(folder.at('kept.png'), 'utf8')).toBe('kept')
  })
})
