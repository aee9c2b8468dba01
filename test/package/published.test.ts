import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { installPackage } from '../support/installed-package.js'
import { fencedBlocks } from '../support/markdown-blocks.js'
import { deadLinksIn, targetsIn } from '../support/markdown-links.js'
import { PORTABLE, PORTABLE_BUILD } from '../support/portable-build.js'
import { ShellScript } from '../support/program.js'
import { useFolderPerFile } from '../support/test-folder.js'

const root = useFolderPerFile()
let published: string
let files: readonly string[]

beforeAll(async () => {
  await installPackage(root.path)
  published = root.at('node_modules/fido-hybrid')
  files = readdirSync(published, { recursive: true, encoding: 'utf8' })
}, 60_000)

describe('the published package', () => {
  it('has no link or picture that leads nowhere', () => {
    const pages = files.filter(name => name.endsWith('.md'))
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'src/errors.md']))
    const dead = pages.flatMap(page => deadLinksIn(published, page).map(target => `${page}: ${target}`))
    expect(dead).toEqual([])
  })

  it('has nothing of a test, a tool or a build that its users have no use for', () => {
    const idle =
      /\.tsbuildinfo$|(?:^|\/)(?:node_modules|package-lock\.json|coverage)$|^src\/.*\.ts$|^test\/.*\.ts$/
    expect(files.filter(name => idle.test(name))).toEqual([])
    expect(existsSync(join(published, 'fixtures/compute'))).toBe(false)
  })

  it('bundles for no platform at all where an entry is for every runtime', async () => {
    const { outputFiles } = await build({
      ...PORTABLE_BUILD,
      entryPoints: PORTABLE.map(entry => join(published, `dist/${entry}.js`)),
      outdir: root.at('bundled'),
      format: 'esm',
      nodePaths: [resolve('node_modules')],
    })
    expect(outputFiles.filter(({ text }) => text.includes('node:')).map(({ path }) => path)).toEqual([])
    expect(outputFiles).toHaveLength(PORTABLE.length)
  })
})

describe('a link that leads nowhere is found', () => {
  const page = '# One thing\n\n[here](#one-thing) ![shot](a.png) `[no](no.md)`\n'
  it.each([
    ['', []],
    ['[gone](gone.md)', ['gone.md']],
    ['[gone](#two-things)', ['#two-things']],
    ['[gone](page.md#two-things)', ['page.md#two-things']],
    ['[above](../../../etc/passwd)', ['../../../etc/passwd']],
    ['<img src="gone.svg" alt="">', ['gone.svg']],
    ['[ref]: gone.md', ['gone.md']],
    ['[there](https://example.com/gone) [titled](page.md "a page")', []],
    ['```md\n[in code](gone.md)\n```', []],
  ])('%s', async (more, dead) => {
    await writeFile(root.at('a.png'), '')
    await writeFile(root.at('page.md'), `${page}\n${more}\n`)
    expect(deadLinksIn(root.path, 'page.md')).toEqual(dead)
  })

  it('links in code do not count', () => {
    expect(targetsIn(page)).toEqual(['#one-thing', 'a.png'])
  })
})

/** What the starts install beside the package. */
const BESIDE = ['@simplewebauthn/server', 'vitest']

interface Listening {
  readonly tunnelUrl: string
  readonly airUrl: string
}

describe('the starts of the README, in a folder that has the package', () => {
  let blocks: ReadonlyMap<string | undefined, string>
  const textOf = (name: string): string => blocks.get(name) ?? ''

  beforeAll(async () => {
    const readme = readFileSync(join(published, 'README.md'), 'utf8')
    blocks = new Map(fencedBlocks(readme).map(({ name, text }) => [name, text]))
    await Promise.all(BESIDE.map(name => link(resolve('node_modules', name), root.at('node_modules', name))))
    const command = join(published, 'dist/cli.js')
    await chmod(command, 0o755)
    await link(command, root.at('node_modules/.bin/fido-hybrid'))
    await link(resolve('node_modules/vitest/vitest.mjs'), root.at('node_modules/.bin/vitest'))
    for (const name of ['laptop.mjs', 'passkey.test.ts']) await writeFile(root.at(name), textOf(name))
  })

  /** npx would find the same commands, more slowly. */
  const run = (script: string): ShellScript => {
    const PATH = `${root.at('node_modules/.bin')}:${process.env['PATH']}`
    const env = { PATH, XDG_DATA_HOME: root.path, NO_COLOR: '1' }
    return new ShellScript(`npx() { "$@"; }\n${script}`, { cwd: root.path, env })
  }

  it('test with it: the test passes', async () => {
    const { code, stdout } = await run('npx vitest run').ending()
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/Tests .*1 passed/) as string })
  }, 60_000)

  it('embed it, run it, inspect it: laptop and phone find each other in the lab', async () => {
    const lab = run(`${textOf('start-lab').trimEnd().replaceAll(/\d{4}/g, '0')} --json`)
    const listening = await lab.until(told => told.includes('\n'))
    const { tunnelUrl, airUrl } = JSON.parse(listening.split('\n')[0] ?? '') as Listening
    const inLab = (name: string): string =>
      textOf(name).replaceAll('ws://127.0.0.1:4433', tunnelUrl).replaceAll('ws://127.0.0.1:4434/air', airUrl)

    const laptop = run(inLab('start-laptop'))
    const [url = ''] = /FIDO:\/\d+/.exec(await laptop.until(told => /FIDO:\/\d+\n/.test(told))) ?? []
    const phone = await run(inLab('start-phone').replaceAll('FIDO:/…', url)).ending()
    expect(phone).toMatchObject({ code: 0, stdout: expect.stringContaining('QR code') as string })
    const registered = expect.stringMatching(/\nregistered \S+\n$/) as string
    expect(await laptop.ending()).toMatchObject({ code: 0, stderr: '', stdout: registered })
    lab.terminate()
    await lab.ending()
  }, 60_000)
})

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path)
}
