import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect } from 'vitest'
import { serveAirHub } from '../../src/adapters/air/air-hub.js'
import { serveTunnel } from '../../src/service.js'
import { namedBlock } from '../support/pages.js'
import { readTerminalQrs } from '../support/terminal-qr.js'
import { bundleProgram, testEachEngine } from './engines.js'
import type { Engine } from './engines.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** `dialog.ts` is not among them: a browser is driven from Node. */
const EXAMPLES = [
  'laptop.mjs',
  'sign-in.mjs',
  'credentials.ts',
  'harness.ts',
  'page.ts',
  'fixture.ts',
  'handshake.ts',
  'phone.ts',
]
const programs = new Map<string, string>()
const programOf = (name: string): string => programs.get(name) ?? ''

beforeAll(async () => {
  for (const name of EXAMPLES) {
    const stdin = { contents: namedBlock(name), resolveDir: ROOT, loader: 'ts' } as const
    programs.set(name, await bundleProgram(name.replace('.ts', ''), { stdin }))
  }
})

testEachEngine('runs sign-in.mjs, harness.ts and handshake.ts of the pages', async engine => {
  expect(await engine.run(programOf('sign-in.mjs'), ['--lab'])).toMatch(/\nsigned in\n$/)
  await engine.run(programOf('harness.ts'))
  expect(await engine.run(programOf('handshake.ts'))).toMatch(/^noble: .*\nnode: .*\n$/)
})

testEachEngine('runs laptop.mjs and phone.ts of the pages, which find each other', async engine => {
  const [hub, service] = await Promise.all([serveAirHub({ port: 0 }), serveTunnel({ port: 0 })])
  try {
    const { laptop, phone } = await registered(engine, { AIR: hub.url, TUNNEL: service.url })
    expect(laptop).toMatch(/\nregistered \S+\n$/)
    expect(phone).toMatch(/\n1 request answered, \d+ passkeys kept\n$/)
  } finally {
    await Promise.all([hub.close(), service.close()])
  }
})

async function registered(
  engine: Engine,
  env: NodeJS.ProcessEnv,
): Promise<{ laptop: string; phone: string }> {
  const child = engine.start(programOf('laptop.mjs'), [], env)
  let laptop = ''
  const answers: Promise<string>[] = []
  child.stdout?.on('data', (chunk: Buffer) => {
    laptop += chunk.toString()
    const text = answers.length === 0 ? qrIn(laptop) : undefined
    if (text !== undefined) answers.push(engine.run(programOf('phone.ts'), [text], env))
  })
  await once(child, 'close')
  return { laptop, phone: (await Promise.all(answers)).join('') }
}

/** Undefined as long as it is not drawn to its end. */
function qrIn(output: string): string | undefined {
  try {
    return readTerminalQrs(output)[0]
  } catch {
    return undefined
  }
}
