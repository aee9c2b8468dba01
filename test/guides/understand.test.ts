import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import { serveTunnel } from '../../src/service.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { fencedBlocks } from '../support/markdown-blocks.js'
import { namedBlock } from '../support/pages.js'
import { runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

const PAGE = readFileSync(new URL('../../examples/guides/understand.md', import.meta.url), 'utf8')
const blocks = fencedBlocks(PAGE)
const folder = useFolderPerTest()

/** What the commands of the page inspect, in order. */
const inspected = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => Array.from(text.matchAll(/^npx fido-hybrid (inspect (?:FIDO|[0-9a-f]{40}).*)$/gm)))
  .map(([, line = '']) => line.split(' '))

test.each([
  ['inspected-code', 0],
  ['inspected-advert', 1],
])('%s is what the command before it prints', async (name, index) => {
  const { code, stdout } = await runHere(inspected[index] ?? [])
  expect(code).toBe(0)
  expect(stdout.replace(/age: \d+ s/, 'age: … s')).toBe(namedBlock(name))
})

/** A stage has its bar and its time behind it. */
const stagesIn = (text: string): string[] =>
  text
    .split('\n')
    .filter(line => /=.* s$/.test(line))
    .map(line => line.slice(0, 26).trim())

test('inspected-trace has the title and the stages of a trace', async () => {
  const [hub, service] = await Promise.all([serveAirHub({ port: 0 }), serveTunnel({ port: 0 })])
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
  const reach = ['--tunnel-url', service.url, '--json']
  let answered: Promise<unknown> | undefined
  const answer = (stdout: string): void => {
    const [url] = /FIDO:\/\d+/.exec(stdout) ?? []
    if (url === undefined || answered !== undefined) return
    const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
    answered = runHere(['phone', 'scan', url, '--advertise', `air:${hub.url}`, ...store, ...reach])
  }
  const what = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  const laptop = ['client', 'register', ...what, '--scan', `air:${hub.url}`, ...reach]
  await runHere([...laptop, '--trace', folder.at('laptop.trace')], { onStdout: answer })
  await answered
  await Promise.all([hub.close(), service.close()])

  const { stdout } = await runHere(['inspect', folder.at('laptop.trace')])
  const [title = ''] = namedBlock('inspected-trace').split('\n')
  expect(stdout.split('\n')).toContain(title)
  expect(stagesIn(namedBlock('inspected-trace'))).toHaveLength(7)
  expect(stagesIn(stdout)).toEqual(stagesIn(namedBlock('inspected-trace')))
})
