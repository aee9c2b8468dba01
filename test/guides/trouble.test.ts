import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CommandNode } from '../../src/cli/completion/command-tree.js'
import { ERROR_CATALOGUE } from '../../src/errors.js'
import { CTAP_STATUS_CURES } from '../../src/status-cures.js'
import { ASSIGNED_TUNNEL_SERVICES, tunnelServiceId } from '../../src/bytes/brands.js'
import { nobleProvider as crypto } from '../../src/crypto/noble-provider.js'
import { tunnelDomain } from '../../src/tunnel/domain.js'
import { commandNodes } from '../support/command-words.js'

const ROOT = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')
const GUIDE = read('examples/guides/trouble.md')

/** The text below each heading of the second level. */
const sections = new Map(
  GUIDE.split(/^## /m)
    .slice(1)
    .map(section => [section.slice(0, section.indexOf('\n')), section] as const),
)
const section = (heading: string): string => sections.get(heading) ?? ''
const DECISIONS = 'What you see, what it is, what to do'

const CODE_LINK = /\[([a-z0-9-]+)\]\(\.\.\/\.\.\/src\/errors\.md#([a-z0-9-]+)\)/g

/** The codes that a section lists at its end. */
function codesOf(text: string): readonly string[] {
  const [, list = ''] = text.split('\n_Codes:_ ')
  return Array.from(list.split('\n\n')[0]?.matchAll(CODE_LINK) ?? [], ([, words = '']) => words)
}

const allCodes = Object.values(ERROR_CATALOGUE).flatMap(entries => Object.keys(entries))

describe('errors by symptom', () => {
  test('every code stands under one symptom', () => {
    const listed = [...sections.values()].flatMap(codesOf)
    expect(listed.toSorted()).toEqual(allCodes.toSorted())
  })

  test('every link of a code leads to its own entry', () => {
    for (const [link, words, anchor] of GUIDE.matchAll(CODE_LINK))
      if (allCodes.includes(words ?? '')) expect(anchor, link).toBe(words)
  })

  test('every section with codes is found by what people see', () => {
    const anchors = Array.from(section(DECISIONS).matchAll(/\]\(#([^)]+)\)/g), ([, anchor]) => anchor)
    const withCodes = [...sections].filter(([, text]) => codesOf(text).length > 0)
    expect(withCodes.length).toBeGreaterThan(10)
    for (const [heading] of withCodes) {
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^a-z\- ]/g, '')
        .replaceAll(' ', '-')
      expect(anchors, heading).toContain(anchor)
    }
  })

  test('statuses are those that have a cure', () => {
    const named = Array.from(GUIDE.matchAll(/`(ERR_[A-Z_]+)`/g), ([, name = '']) => name)
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect(Object.keys(CTAP_STATUS_CURES)).toContain(name)
  })
})

/** Rows of the first table of a text, by the words in backquotes in their first cell. */
const rowsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    Array.from(text.matchAll(/^\| `([a-z-]+)` +\|(.+)\|$/gm), ([, name = '', rest = '']) => [name, rest]),
  )

const doctorTexts = readdirSync(new URL('src/cli/doctor', ROOT))
  .map(name => read(`src/cli/doctor/${name}`))
  .join('\n')
  .replaceAll('${sandbox.app}', 'APP')
  .replaceAll('@stoprocent/${name}', '@stoprocent/noble')

describe('what the doctor is said to tell', () => {
  test('its checks are all in the table', () => {
    const roles = /readonly check: (.+)/.exec(read('src/ports/finding.ts'))?.[1] ?? ''
    const [, machine = ''] = /type MachineCheck =([^/]+)/.exec(read('src/cli/doctor/finding.ts')) ?? []
    const checks = Array.from(`${roles}${machine}`.matchAll(/'([a-z-]+)'/g), ([, name = '']) => name)
    expect([...rowsOf(section('No Bluetooth')).keys()].toSorted()).toEqual(checks.toSorted())
  })

  const promised = [
    ...rowsOf(section('No Bluetooth')).values(),
    ...section('Machines within machines')
      .split('\n')
      .filter(line => line.startsWith('|')),
  ].flatMap(row => Array.from(row.matchAll(/`([^`]+)`/g), ([, words = '']) => words))
  const commands = promised.filter(words => words.includes(' '))

  test.each(commands)('it has the cure %s', command => {
    for (const part of command.split(' && ')) expect(doctorTexts).toContain(part)
  })

  test('there are such cures', () => {
    expect(commands.length).toBeGreaterThan(8)
  })
})

describe('what people are told to type', () => {
  let nodes: ReadonlyMap<string, CommandNode>
  beforeAll(async () => {
    nodes = await commandNodes()
  })

  test('options that stand alone are options of some command', () => {
    const alone = Array.from(GUIDE.matchAll(/`(--[a-z-]+)(?: [A-Z]+)?`/g), ([, option = '']) => option)
    const known = new Set([...nodes.values()].flatMap(({ options }) => options.map(({ word }) => word)))
    expect(alone.length).toBeGreaterThan(4)
    for (const option of alone) expect([...known]).toContain(option)
  })

  test('hosts are those of the assigned tunnel services, and no other', () => {
    const named = Array.from(GUIDE.matchAll(/^\| `(cable\.[a-z0-9.]+)` +\| 443 /gm), ([, host]) => host)
    const assigned = Array.from({ length: ASSIGNED_TUNNEL_SERVICES }, (_, id) =>
      tunnelDomain(crypto, tunnelServiceId(id)),
    )
    expect(named).toEqual(assigned)
  })

  test('variables are read by the program, or by Node', () => {
    const variables = Array.from(GUIDE.matchAll(/`([A-Z]+_[A-Z_]+)`/g), ([, name = '']) => name)
    const own = variables.filter(name => !name.startsWith('ERR_') && !name.startsWith('NODE_'))
    const proxy = readdirSync(new URL('src/adapters/proxy', ROOT)).map(name =>
      read(`src/adapters/proxy/${name}`),
    )
    expect(own.length).toBeGreaterThan(2)
    for (const name of own) expect(proxy.join('').toUpperCase()).toContain(name)
  })
})
