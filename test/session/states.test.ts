import { describe, expect, test } from 'vitest'
import { AUTHENTICATOR_TRANSITIONS, CLIENT_TRANSITIONS } from '../../src/session/states.js'

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

const diagram = (name: string, table: Table): string =>
  [
    `<!-- ${name} -->`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> idle',
    ...Object.entries(table).flatMap(([from, row]) =>
      Object.entries(row)
        .filter(([event]) => event !== 'stop')
        .map(([event, to]) => `  ${from} --> ${to}: ${event}`),
    ),
    '  closed --> [*]',
    '```',
  ].join('\n')

const page = `# States

Drawn from \`states.ts\` by \`test/session/states.test.ts\` (\`npm test -- -u\` redraws). \`stop\` leads from every state to \`closed\`
and is left out: a failure, a deadline, or the wish to end. An event that a state does not list is a protocol violation.

## Client

${diagram('client-states', CLIENT_TRANSITIONS)}

## Authenticator

${diagram('authenticator-states', AUTHENTICATOR_TRANSITIONS)}
`

test('the drawn states are the table', async () => {
  await expect(page).toMatchFileSnapshot('../../src/session/states.md')
})

describe.each([
  ['client', CLIENT_TRANSITIONS],
  ['authenticator', AUTHENTICATOR_TRANSITIONS],
] satisfies [string, Table][])('the table of the %s', (_, table: Table) => {
  const reachable = new Set(['idle', ...Object.values(table).flatMap(row => Object.values(row))])

  test('knows every state it leads to, and leads to every state it knows', () => {
    expect([...reachable].sort()).toEqual(Object.keys(table).sort())
  })

  test('can stop from everywhere, and goes nowhere once closed', () => {
    for (const [state, row] of Object.entries(table)) {
      expect(row['stop']).toBe(state === 'closed' ? undefined : 'closed')
    }
    expect(table['closed']).toEqual({})
  })
})
